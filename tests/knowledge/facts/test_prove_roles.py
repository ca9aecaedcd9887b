"""Prove in another's role: the right number beside the right words, yet not the value.

All figures are counterfactual.
"""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

VAT = Field("vat", "VAT rate", "percent", words=("VAT", "IVA", "PPN"))
TOP = Field("top", "Top tax rate", "percent", words=("income tax",))
COMPANY = Field("company", "Corporate tax", "percent", words=("corporate tax",))
SOCIAL = Field("social", "Social security", "percent", words=("payroll tax",))
EMPLOYER = Field(
    "social_employer",
    "Employer social tax",
    "percent",
    words=("social tax", "employer contribution", "social security", "employer"),
)
EMPLOYEE = Field(
    "social_employee",
    "Employee contribution",
    "percent",
    words=("employee contribution", "social security"),
)
DATORE = Field(
    "datore", "Contributi a carico del datore di lavoro", "percent", words=("INPS",)
)
PEMBERI = Field(
    "pemberi", "Iuran pemberi kerja", "percent", words=("iuran pensiun", "iuran")
)

_PARTIES = "The employer contribution is 20 % and the employee contribution 8 %."
_ROWS = "## Social security\n\n| Party | Rate |\n|---|---|\n| Employer | 20 % |\n"
_INSURED = "Employer: social tax 33 %, unemployment insurance 0.8 %."
_COMPANIES = "The corporate tax is 15 % for small companies and 25 % for others."
_ABROAD = "The VAT rate is 19 %, compared with 20 % in France."


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        (_PARTIES, EMPLOYER, 20),
        (_PARTIES, EMPLOYEE, 8),
        (_ROWS + "| Employee | 8 % |", EMPLOYER, 20),
        ("Social security: 20 % (employer), 8 % (employee)", EMPLOYER, 20),
        ("INPS: 23 % a carico del datore di lavoro", DATORE, 23),
        ("Iuran pensiun: 2 % ditanggung pemberi kerja", PEMBERI, 2),
        (_INSURED, EMPLOYER, 33),
        (
            "Employers pay 33 % social tax and 0.8 % unemployment insurance.",
            EMPLOYER,
            33,
        ),
        ("The state levies payroll tax at 4.85 %.", SOCIAL, 4.85),
        (_COMPANIES, COMPANY, 25),
        (_ABROAD, VAT, 19),
        ("In Germany, the VAT rate is 19 %.", VAT, 19),
        ("VAT was raised from 16 % to 19 %.", VAT, 19),
        ("VAT was raised from 16 to 19 % in January 2021.", VAT, 19),
        ("The income tax rises up to 45 %.", TOP, 45),
    ],
)
def test_prove_accepts_the_value_in_its_own_role(
    text: str, field: Field, value: float
) -> None:
    """The party, level and time that the field asks for."""
    fact = find_proved(prove_text(text, {field.name: value}, field))
    assert fact is not None
    assert fact.value == value


@pytest.mark.parametrize(
    ("text", "field", "value", "reason"),
    [
        (_PARTIES, EMPLOYER, 8, "'employee'"),
        (_PARTIES, EMPLOYEE, 20, "'employer'"),
        (_ROWS + "| Employee | 8 % |", EMPLOYER, 8, "'Employee'"),
        ("Social security: 20 % (employer), 8 % (employee)", EMPLOYER, 8, "employee"),
        ("INPS: 9 % a carico del lavoratore", DATORE, 9, "'lavoratore'"),
        ("Iuran pensiun: 1 % ditanggung pekerja", PEMBERI, 1, "'pekerja'"),
        (_INSURED, EMPLOYER, 0.8, "calls it 'unemployment insurance'"),
        ("State payroll tax is 4.85 %.", SOCIAL, 4.85, "'State payroll tax'"),
        (_COMPANIES, COMPANY, 15, "'small companies'"),
        ("Non-residents pay a corporate tax of 30 %.", COMPANY, 30, "'Non-residents'"),
        ("L'aliquota IVA ridotta è del 10 %.", VAT, 10, "ridotta"),
        ("In France, the VAT rate is 20 %.", VAT, 20, "stands for France"),
        ("France applies a VAT rate of 20 %.", VAT, 20, "stands for France"),
        (_ABROAD, VAT, 20, "stands for France"),
        ("## VAT in France\n\nThe VAT rate is 20 %.", VAT, 20, "another country"),
        ("A VAT rate of 21 % was proposed.", VAT, 21, "only plans it"),
        ("VAT will be raised to 21 %.", VAT, 21, "only plans it"),
        ("L'IVA salirà al 24 %.", VAT, 24, "only plans it"),
        ("Tarif PPN akan naik menjadi 15 %.", VAT, 15, "only plans it"),
        ("VAT was raised from 16 % to 19 %.", VAT, 16, "changed to another"),
        ("L'IVA è passata dal 20 % al 22 %.", VAT, 20, "changed to another"),
        ("PPN naik dari 10 % menjadi 11 %.", VAT, 10, "changed to another"),
        ("VAT is charged at rates of up to 25 %.", VAT, 25, "a limit only"),
    ],
)
def test_prove_refuses_the_value_of_another_role(
    text: str, field: Field, value: float, reason: str
) -> None:
    """Told in the text's own words."""
    record = prove_text(text, {field.name: value}, field)
    assert find_proved(record) is None
    (refusal,) = record.refused
    assert reason in refusal.reason


PENSION = Field(
    "pension", "Employee pension levy", "percent", words=("pension levy", "employee")
)
_TABLE = "| Levy | 2023 | 2025 (new) |\n|---|---|---|\n| VAT | 17 % | 29 % |"
_SINCE = (
    "## VAT\n\n| Since | Rate |\n|---|---|\n| 1 May 1999 | 6 % |\n| 2 June 2020 | 8 % |"
)
REDUCED = Field(
    "reduced", "Reduced fare", "percent", words=("reduced fare", "tariffa ridotta")
)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Instead of a VAT there is a stamp duty of 3 %.", VAT, 3),
        ("VAT runs from 4 % in the north to 9 % in the south.", VAT, 4),
        ("VAT runs from 4 % in the north to 9 % in the south.", VAT, 9),
        ("L'IVA varia tra il 4 % e il 9 %.", VAT, 9),
        ("A bill that would set VAT at 30 % is being read.", VAT, 30),
        ("L'IVA sarà del 30 % se la legge passerà.", VAT, 30),
        ("Large multinational groups bear a corporate tax of 15 %.", COMPANY, 15),
        (_TABLE.replace("2025 (new)", "2027 (planned)"), VAT, 29),
        (_TABLE, VAT, 17),
        (_SINCE, VAT, 6),
    ],
)
def test_prove_refuses_limits_plans_and_older_columns(
    text: str, field: Field, value: float
) -> None:
    """Ends of ranges, drafts, groups, and columns or rows of an earlier year."""
    assert find_proved(prove_text(text, {field.name: value}, field)) is None


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        (_TABLE, VAT, 29),
        (_SINCE, VAT, 8),
        ("From the employee's pay the employer withholds 4 %.", PENSION, 4),
        ("The full fare is 90 %, the reduced one 40 %.", REDUCED, 40),
        ("La tariffa piena è del 90 %, quella ridotta del 40 %.", REDUCED, 40),
    ],
)
def test_prove_keeps_what_the_text_gives_the_field(
    text: str, field: Field, value: float
) -> None:
    """The newest column or row, what is withheld for another, and an elliptic name."""
    assert find_proved(prove_text(text, {field.name: value}, field)) is not None
