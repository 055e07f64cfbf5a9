"""Inline SVG becomes images that keep their alternative text and their size."""

from urllib.parse import unquote

from dashboard.charts import icons


def test_an_icon_beside_words_is_decoration():
    markup = icons.as_images(icons.variation({"variation": "improvement_high"}).beside_words())
    assert "<svg" not in markup.replace("data:image", "")
    assert 'alt=""' in markup
    assert 'width="36" height="36"' in markup
    assert "Improvement, higher than usual" in markup


def test_a_labelled_picture_keeps_its_label_as_its_alternative():
    markup = icons.as_images(
        '<svg role="img" aria-label="A &amp; &quot;B&quot;" viewBox="0 0 1 1"></svg>'
    )
    assert 'alt="A &amp; &quot;B&quot;"' in markup


def test_the_image_is_the_same_drawing_with_its_namespace_once():
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0#%\\"/></svg>'
    source = icons.as_images(drawing).split('src="data:image/svg+xml,')[1].split('"')[0]
    assert unquote(source) == drawing.replace('"', "'")
    bare = icons.as_images("<svg><g/></svg>").split('src="data:image/svg+xml,')[1].split('"')[0]
    assert unquote(bare) == "<svg xmlns='http://www.w3.org/2000/svg'><g/></svg>"
    labelled = icons.as_images('<svg class="x" role="img" aria-label="It’s 5" font-size="9"></svg>')
    source = unquote(labelled.split('src="data:image/svg+xml,')[1].split('"')[0])
    assert source == "<svg xmlns='http://www.w3.org/2000/svg' font-size='9'></svg>"


def test_everything_else_is_left_alone():
    assert icons.as_images("<p>1 < 2</p>") == "<p>1 < 2</p>"
