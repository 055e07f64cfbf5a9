"""The trees are those of RFC 9162, with the vectors that Certificate Transparency publishes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.keeping.merkle import Tree, leaf, root_from

LINES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATH_OF_THE_FIRST = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size):
    assert Tree([leaf(line) for line in LINES[:size]]).root.hex() == ROOTS[size - 1]


def test_a_path_is_the_published_one():
    path = Tree([leaf(line) for line in LINES]).path(0)
    assert [one.hex() for one in path] == PATH_OF_THE_FIRST


@given(st.integers(1, 70), st.data())
def test_a_path_leads_to_the_root_from_its_own_leaf_and_place_only(size, data):
    leaves = [leaf(str(number).encode()) for number in range(size)]
    tree, index = Tree(leaves), data.draw(st.integers(0, size - 1))
    path = tree.path(index)
    assert root_from(leaves[index], index, size, path) == tree.root
    other = data.draw(st.integers(-1, size))
    if other != index:
        assert root_from(leaves[index], other, size, path) != tree.root
    assert root_from(leaf(b"another"), index, size, path) != tree.root
    assert root_from(leaves[index], index, size, [*path, leaves[0]]) is None
    if path:
        assert root_from(leaves[index], index, size, path[:-1]) is None
