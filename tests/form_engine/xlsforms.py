"""XLSForm workbooks for tests, written as small tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook

HEADINGS = {"choices": "list_name | name | label", "settings": "form_id | version"}
YES_NO = "yn | yes | Yes\nyn | no | No"


def write_xlsform(path: Path, sheets: Mapping[str, str]) -> Path:
    """Write a workbook; a sheet is lines of cells with ``|`` between, the first its headings."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for line in table.strip().splitlines():
            cells = [cell.strip() for cell in line.split(" | ")]
            sheet.append([cell if cell not in {"", "-"} else None for cell in cells])
    book.save(path)
    return path


ACCEPTED: dict[str, dict[str, str]] = {
    "plain questions": {"survey": """
        type | name | label
        text | who | Who?
        integer | count | How many?
        decimal | share | What share?
        date | on | When?
        time | at | At what time?
        acknowledge | read | I have read it
        note | thanks | Thank you"""},
    "choices": {"survey": """
        type | name | label
        select_one yn | gate | Was the gate shut?
        select_multiple yn | both | Which?
        rank yn | order | In what order?""", "choices": f"{HEADINGS['choices']}\n{YES_NO}"},
    "older spellings": {"survey": """
        type | name | label
        select one from yn | gate | Was the gate shut?
        select all that apply from yn | both | Which?
        select1 yn | third | A third?
        string | who | Who?
        int | count | How many?
        photo | board | The board
        trigger | read | I have read it""", "choices": f"list name | name | label\n{YES_NO}"},
    "older headings": {"survey": """
        type | name | caption | relevance | constraint message | constraint | read only
        integer | count | How many? | - | Type 0 or more. | . >= 0 | -
        text | why | Why? | ${count} > 3 | - | - | yes"""},
    "relevance, constraint and calculation": {"survey": """
        type | name | label | relevant | constraint | constraint_message | calculation | required
        integer | age | Age | - | . >= 0 and . < 120 | Between 0 and 120 | - | yes
        text | name | Name | ${age} > 17 | - | - | - | true()
        calculate | next | - | - | - | - | ${age} + 1 | -
        note | said | You are ${age} | ${age} != '' | - | - | - | -"""},
    "groups": {"survey": """
        type | name | label | relevant | appearance
        begin group | first | First | - | field-list
        text | a | A | - | -
        begin group | inner | Inner | ${a} = 'x' | -
        text | b | B | - | -
        end group | - | - | - | -
        end group | - | - | - | -
        begin_group | second | - | - | -
        text | c | C | - | multiline
        end_group | - | - | - | -"""},
    "a repeat with sums": {"survey": """
        type | name | label | calculation | repeat_count
        begin repeat | rows | Rows | - | -
        integer | amount | Amount | - | -
        calculate | number | - | position(..) | -
        end repeat | - | - | - | -
        calculate | total | - | sum(${amount}) | -
        calculate | many | - | count(${rows}) | -
        calculate | first | - | indexed-repeat(${amount}, ${rows}, 1) | -
        note | shown | ${total} in ${many} rows | - | -"""},
    "a repeat of a counted length": {"survey": """
        type | name | label | repeat_count
        integer | count | How many? | -
        begin repeat | rows | Rows | ${count}
        text | who | Who? | -
        end repeat | - | - | -"""},
    "a group within a repeat": {"survey": """
        type | name | label | relevant
        begin repeat | rows | Rows | -
        begin group | part | Part | ${who} != ''
        text | what | What? | -
        end group | - | - | -
        text | who | Who? | -
        end repeat | - | - | -"""},
    "a choice filter": {"survey": """
        type | name | label | choice_filter
        select_one regions | region | Region | -
        select_one towns | town | Town | region = ${region}""", "choices": """
        list_name | name | label | region
        regions | north | North | -
        regions | south | South | -
        towns | ely | Ely | north
        towns | rye | Rye | south"""},
    "or other": {"survey": """
        type | name | label
        select_one yn or_other | gate | Was the gate shut?
        select_multiple yn or specify other | both | Which?""",
        "choices": f"{HEADINGS['choices']}\n{YES_NO}"},
    "translations": {"survey": """
        type | name | label::French (fr) | label::English (en) | hint::French (fr) | hint::English (en)
        text | who | Qui ? | Who? | Le nom | The name""",
        "settings": "form_id | version | default_language\nvisit | 7 | French (fr)"},
    "ranges": {"survey": """
        type | name | label | parameters
        range | calm | How calm? | start=1 end=5 step=1
        range | share | What share? | start=0; end=1; step=0.1
        range | plain | How much? | -"""},
    "defaults and stamps": {"survey": """
        type | name | label | default | calculation
        start | start | - | - | -
        end | end | - | - | -
        today | today | - | - | -
        text | who | Who? | somebody | -
        date | on | When? | today() | -
        integer | count | How many? | 5 | -
        hidden | kind | - | walk | -
        calculate | stamp | - | - | once(now())"""},
    "what ODK notes of a device": {"survey": """
        type | name | label
        deviceid | device | -
        username | user | -
        text | who | Who?"""},
    "functions": {"survey": """
        type | name | label | calculation
        text | a | A | -
        date | d | D | -
        calculate | c1 | - | if(selected(${a}, 'x'), 1, 2)
        calculate | c2 | - | coalesce(${a}, 'none')
        calculate | c3 | - | format-date(${d}, '%e %b %Y')
        calculate | c4 | - | int((today() - ${d}) div 365.25)
        calculate | c5 | - | regex(${a}, '^[0-9]{6}$')
        calculate | c6 | - | substr(${a}, 0, 3)
        calculate | c7 | - | concat(${a}, ' and ', string-length(${a}))
        calculate | c8 | - | round(2.345, 2) + pow(2, 3) + int('4')
        calculate | c9 | - | selected-at('a b', 1)
        calculate | c10 | - | date('2026-11-24') + 7
        calculate | c11 | - | not(boolean(${a})) or true()
        calculate | c12 | - | count-selected(${a})"""},
    "the label of a choice": {"survey": """
        type | name | label | calculation
        select_one yn | gate | Was the gate shut? | -
        calculate | words | - | jr:choice-name(${gate}, '${gate}')
        calculate | looked | - | instance('yn')/root/item[name = ${gate}]/label
        note | said | You said ${words} | -""", "choices": f"{HEADINGS['choices']}\n{YES_NO}"},
    "hints alone and notes without a name": {"survey": """
        type | name | label | hint | guidance_hint
        text | who | - | The name | -
        note | - | Thank you | - | -
        text | what | What? | - | Said only on paper"""},
    "rows that are switched off": {"survey": """
        type | name | label | disabled
        text | who | Who? | -
        text | who | Who again? | yes"""},
    "appearances": {"survey": """
        type | name | label | appearance
        select_one yn | a | A | minimal
        select_one yn | b | B | horizontal
        select_one yn | c | C | likert
        begin group | g | G | table-list
        select_one yn | d | D | -
        select_one yn | e | E | -
        end group | - | - | -""", "choices": f"{HEADINGS['choices']}\n{YES_NO}"},
    "files": {"survey": """
        type | name | label
        file | plan | The plan
        image | board | The board"""},
    "capitals, dashes and dots in names": {"survey": """
        type | name | label | relevant
        text | Who.Is-it | Who? | -
        text | B_2 | B | ${Who.Is-it} = 'x'"""},
    "settings": {"survey": "type | name | label\ntext | who | Who?",
        "settings": "form_title | form_id | version\nA walk | site_walk | 2026.2"},
    "extra columns and sheets": {"survey": "type | name | label | my remark\ntext | who | Who? | ask twice",
        "thoughts": "a | b\n1 | 2"},
    "capital headings and sheets": {"SURVEY": """
        TYPE | NAME | LABEL::EN
        select_one yn | gate | Was the gate shut?""",
        "CHOICES": "LIST_NAME | NAME | LABEL::EN\nyn | yes | Yes\nyn | no | No",
        "SETTINGS": "FORM_TITLE | FORM_ID | DEFAULT_LANGUAGE\nA walk | walk | EN"},
    "a telephone number": {"survey": """
        type | name | label:English (en)
        begin group | office | Office
        phone number | line | Its number?
        end group | - | -"""},
    "choices in two languages": {"survey": """
        type | name | label::English (en) | label::Polish (pl) | required_message::English (en)
        select_one yn | gate | Gate? | Brama? | Say it.""", "choices": """
        list_name | name | label::English (en) | label::Polish (pl)
        yn | yes | Yes | Tak
        yn | no | No | Nie"""},
    "choices in any order": {"survey": """
        type | name | label | parameters
        select_one yn | gate | Gate? | randomize=true seed=1""",
        "choices": f"{HEADINGS['choices']}\n{YES_NO}"},
    "binds written out": {"survey": """
        type | name | label | bind::relevant | bind:constraint | bind::required | bind::jr:constraintMsg
        integer | many | How many? | - | . > 1 | yes | More than 1"""},
    "the same choice twice, allowed": {"survey": "type | name | label\nselect_one yn | a | A",
        "choices": f"{HEADINGS['choices']}\nyn | a | Yes\nyn | a | No",
        "settings": "form_id | allow_choice_duplicates\nf | yes"},
    "what one sees of a repeat": {"survey": """
        type | name | label | calculation | repeat_count
        integer | many | How many? | - | -
        begin_repeat | lines | Lines | - | ${many} + 1
        integer | amount | Amount | - | -
        end_repeat | - | - | - | -
        calculate | listed | - | join(', ', ${amount}) | -
        calculate | spread | - | max(${amount}) - min(${amount}) | -
        calculate | given | - | count-non-empty(${amount}) | -
        calculate | enough | - | checklist(1, 2, true(), false()) | -
        calculate | weighed | - | weighted-checklist(1, 2, true(), 1) | -
        calculate | stamp | - | format-date-time(now(), '%H:%M') | -
        calculate | day | - | decimal-date-time(today()) | -
        calculate | inside | - | contains('abc', 'b') and starts-with('ab', 'a') | -
        calculate | plain | - | translate(normalize-space(' a '), 'a', 'b') | -
        calculate | own | - | uuid() | -
        calculate | rounded | - | floor(1.5) + ceiling(1.2) + abs(-1) + sqrt(4) | -
        calculate | before | - | substring-before('a-b', '-') | -"""},
    "an unused list": {"survey": "type | name | label\ntext | who | Who?",
        "choices": f"{HEADINGS['choices']}\n{YES_NO}"},
}  # fmt: skip

REFUSED: dict[str, dict[str, str]] = {
    "no name": {"survey": "type | name | label\ntext | - | Who?"},
    "no type": {"survey": "type | name | label\n- | who | Who?"},
    "unknown type": {"survey": "type | name | label\npoetry | who | Who?"},
    "no words": {"survey": "type | name | label\ntext | who | -"},
    "a name with a space": {"survey": "type | name | label\ntext | who is | Who?"},
    "a name that begins with a digit": {"survey": "type | name | label\ntext | 1st | Who?"},
    "the same name twice": {"survey": "type | name | label\ntext | who | Who?\ntext | who | Who?"},
    "a list that is not there": {"survey": "type | name | label\nselect_one yn | gate | Gate?",
        "choices": f"{HEADINGS['choices']}\nother | yes | Yes"},
    "a question that is not there": {"survey":
        "type | name | label | relevant\ntext | who | Who? | ${nobody} = 1"},
    "a label that quotes nobody": {"survey": "type | name | label\ntext | who | Who, ${nobody}?"},
    "a group that is not closed": {"survey":
        "type | name | label\nbegin group | g | G\ntext | who | Who?"},
    "an end without a beginning": {"survey": "type | name | label\ntext | who | Who?\nend group | - | -"},
    "an end of another kind": {"survey":
        "type | name | label\nbegin group | g | G\ntext | who | Who?\nend repeat | - | -"},
    "a choice twice": {"survey": "type | name | label\nselect_one yn | gate | Gate?",
        "choices": f"{HEADINGS['choices']}\nyn | yes | Yes\nyn | yes | Ja"},
    "a choice without a name": {"survey": "type | name | label\nselect_one yn | gate | Gate?",
        "choices": f"{HEADINGS['choices']}\nyn | - | Yes"},
    "a space in one of several choices": {"survey":
        "type | name | label\nselect_multiple yn | gate | Gate?",
        "choices": f"{HEADINGS['choices']}\nyn | yes please | Yes"},
    "a calculate without a calculation": {"survey": "type | name | label\ncalculate | sum | -"},
    "or_other with a choice filter": {"survey":
        "type | name | label | choice_filter\nselect_one yn or_other | gate | Gate? | name = 'yes'",
        "choices": f"{HEADINGS['choices']}\n{YES_NO}"},
    "a range without numbers": {"survey":
        "type | name | label | parameters\nrange | calm | Calm? | start=a end=5"},
    "no survey": {"choices": f"{HEADINGS['choices']}\n{YES_NO}"},
}  # fmt: skip
