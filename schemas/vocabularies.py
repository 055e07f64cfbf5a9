"""The words that returns, registers and releases may use, with what they mean to people.

Sources: MHSDS ward details and admitted patient classification (version 6, with the older codes
mapped), NHS England regions, and the collaborative's own template.
"""

from dataclasses import dataclass

# Each code with the words that people choose; a return may have either.
RETURN_STATUS = {
    "data": "Figures are entered",
    "nil_incidents": "There were no incidents",
    "ward_closed": "Closed all month",
    "not_collected": "Nothing was collected",
}
SURVEY_MODE = {
    "paper": "On paper",
    "tablet": "On a tablet",
    "interview": "In an interview",
    "mixed": "In several ways",
}
ROLE_OF_SENDER = {
    "trust_lead": "Trust lead",
    "ward_manager": "Ward manager",
    "informatics": "Informatics",
    "other": "Another role",
}
INCIDENT_SOURCE = {
    "datix": "Datix",
    "ulysses": "Ulysses",
    "radar": "Radar",
    "inphase": "InPhase",
    "other": "Another system",
}
CATEGORY_MAPPING = {
    "native": "Recorded in the three categories",
    "mapped": "Mapped from local categories",
    "manual": "Reviewed by hand",
}
STAFF_SOURCE = {
    "incident_system": "The incident system",
    "hr": "Human resources",
    "both": "Both of these",
    "not_available": "Not available",
}
DATA_STATUS = {"provisional": "Provisional", "final": "Final"}
YES_NO = {"yes": "Yes", "no": "No"}

# Tests of change: their outcomes, and the longest texts in characters (charts show the idea).
OUTCOMES = {"adopt": "Adopted", "adapt": "Adapted", "abandon": "Abandoned"}
LONGEST_IDEA = 60
LONGEST_TEXT = 500

# What a survey's figure is of, and what a higher one means.
ASKED_OF = {"patients": "Patients", "staff": "Staff"}
HIGHER_MEANS = {
    "harm": "More people experienced harm, or did not feel safe",
    "safe": "More people felt safe, or experienced no harm",
}

INTENDED_SEX = {"female": "women", "male": "men", "mixed": "mixed"}
AGE_GROUP = {"cyp": "Children and young people", "adult": "Adults", "older": "Older adults"}
SECURITY_LEVEL = {
    "0": "General",
    "1": "Low secure",
    "2": "Medium secure",
    "3": "High secure",
}

# How far a trust that could take part had come in a month, the furthest first.
ENGAGEMENT_STAGE = {
    "sending": "Sent its return",
    "joined": "Joined, sent no return",
    "left": "Left",
    "invited": "Invited, not joined",
    "not_invited": "Not invited yet",
}
FORUM_KIND = {
    "learning_forum": "Learning forum",
    "learning_set": "Learning set",
    "workshop": "Workshop",
    "webinar": "Webinar",
    "visit": "Visit",
    "other": "Other",
}

CHARTER_STAGE = {  # in order: a later stage is further on
    "none": "No charter",
    "planned": "Planned",
    "drafting": "Being drafted",
    "agreed": "Agreed",
    "displayed": "Displayed",
    "under_review": "Under review",
}
CHARTER_IN_PLACE = ("displayed", "under_review")
CHARTER_STAGES_WITH_AGREEMENT = ("agreed", "displayed", "under_review")

RATING = {
    "met": "Met",
    "partly_met": "Partly met",
    "not_met": "Not met",
    "not_applicable": "Not applicable",
    "not_assessed": "Not assessed",
}
EVIDENCE = {
    "policy": "A policy",
    "record_audit": "An audit of records",
    "observation": "Observation",
    "patient_feedback": "Feedback from patients",
    "staff_feedback": "Feedback from staff",
    "training_record": "Training records",
    "none": "No evidence",
}
RATED_BY = {
    "ward_team": "The ward team",
    "with_patients": "The ward team with patients",
    "trust_team": "A team of the trust",
    "peers": "Another ward or trust",
    "other": "Somebody else",
}
ORGANISATION_LEVEL = {"ward": "Ward", "site": "Site", "trust": "Trust"}

EVENT_KIND = {
    "test_of_change": "Test of change",
    "forum": "Learning forum",
    "charter": "Charter",
    "training": "Training",
    "staffing": "Staffing",
    "building": "Building",
    "definition_change": "Definition changed",
    "covid_pause": "Programme pause",
    "other": "Other",
}

REGIONS = {
    "Y56": "London",
    "Y58": "South West",
    "Y59": "South East",
    "Y60": "Midlands",
    "Y61": "East of England",
    "Y62": "North West",
    "Y63": "North East and Yorkshire",
}

REGION = "region"
OWN_GROUPS = {
    "icb": "Integrated care board",
    "collaborative": "Provider collaborative",
    "programme": "The programme’s own group",
}
GROUP_KINDS = {REGION: "NHS England region", **OWN_GROUPS}


@dataclass(frozen=True)
class WardClass:
    """An admitted patient classification, and the peer group its wards belong to."""

    code: str
    name: str
    peer_group: str


PEER_GROUPS = {
    "acute": "Acute adult",
    "older": "Older adult",
    "picu": "Psychiatric intensive care",
    "rehab": "Rehabilitation",
    "ld_autism": "Learning disability and autism",
    "low_secure": "Low secure",
    "medium_secure": "Medium secure",
    "high_secure": "High secure",
    "cyp": "Children and young people",
    "eating": "Eating disorder",
    "perinatal": "Mother and baby",
    "other": "Other specialist",
}

_CLASSES = (
    ("200", "Acute Adult Mental Health Care", "acute"),
    ("201", "Acute Older Adult Mental Health Care (Organic and Functional)", "older"),
    ("202", "Adult Psychiatric Intensive Care Unit", "picu"),
    ("203", "Adult Eating Disorders", "eating"),
    ("204", "Mother and Baby", "perinatal"),
    ("205", "Acute MH Unit for Adults with a Learning Disability and/or Autism", "ld_autism"),
    ("206", "Adult Low Secure", "low_secure"),
    ("207", "Adult Medium Secure", "medium_secure"),
    ("208", "Adult High Secure", "high_secure"),
    ("209", "Adult Neuro-Psychiatry / Acquired Brain Injury", "other"),
    ("210", "Adult Personality Disorder", "other"),
    ("211", "Adult MH Services for the Deaf", "other"),
    ("212", "Adult MH Rehabilitation (Mainstream)", "rehab"),
    ("213", "Adult MH Rehabilitation for Adults with LD and/or Autism (Specialist)", "ld_autism"),
    ("300", "General CYP: Child (to 12)", "cyp"),
    ("301", "General CYP: Young Person (13-17)", "cyp"),
    ("302", "Eating Disorders: CYP", "eating"),
    ("303", "CYP Low Secure Mental Illness", "low_secure"),
    ("304", "CYP Medium Secure Mental Illness", "medium_secure"),
    ("305", "Child MH Services for the Deaf", "other"),
    ("306", "CYP Low Secure Learning Disabilities", "low_secure"),
    ("307", "CYP Medium Secure Learning Disabilities", "medium_secure"),
    ("308", "Severe OCD and BDD: Young Person", "other"),
    ("309", "CYP PICU", "picu"),
    ("310", "CYP Learning Disabilities", "ld_autism"),
    ("311", "CYP Autism", "ld_autism"),
    ("10", "Acute adult mental health care (older code)", "acute"),
    ("11", "Acute older adult mental health care (older code)", "older"),
    ("12", "Psychiatric intensive care unit (older code)", "picu"),
    ("13", "Eating disorders (older code)", "eating"),
    ("14", "Mother and baby (older code)", "perinatal"),
    ("15", "Learning disabilities (older code)", "ld_autism"),
    ("17", "High dependency rehabilitation (older code)", "rehab"),
    ("19", "Low secure (older code)", "low_secure"),
    ("20", "Medium secure (older code)", "medium_secure"),
    ("21", "High secure (older code)", "high_secure"),
)
WARD_CLASSES = {code: WardClass(code, name, group) for code, name, group in _CLASSES}


CLASS_CHOICES = {code: f"{ward.name}, {code}" for code, ward in WARD_CLASSES.items()}


def peer_group(mh_class: str, intended_sex: str) -> str:
    """The peer group of a ward's class and intended sex, such as `acute-female`."""
    return f"{WARD_CLASSES[mh_class].peer_group}-{intended_sex}"


def peer_group_name(group: str) -> str:
    """A peer group in words: `acute-female` is “Acute adult wards, women”."""
    name, _, sex = group.partition("-")
    return f"{PEER_GROUPS[name]} wards, {INTENDED_SEX[sex]}"
