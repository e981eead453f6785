"""Made-up votes in the form of the UN Digital Library's file: any number of them, from any years.

Councils are the real ones from 1994 on, and imagined before. Who votes how, and on what, is drawn:
nothing here is a roll call that there was. Failed drafts, amendments and adoptions without a vote
are among them, as in a file that a researcher has put together.
"""

from __future__ import annotations

import csv
import io
import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sim.catalogue import Mandate, mandates
from sim.charter import DECIDED, Outcome
from sim.roster import council_on, states

COLUMNS = (
    *("undl_id", "ms_code", "ms_name", "permanent_member", "ms_vote", "date", "resolution"),
    *("draft", "meeting", "description", "agenda", "subjects", "vote_note", "modality"),
    *("total_yes", "total_no", "total_abstentions", "total_non_voting", "total_ms", "undl_link"),
)
TOTALS = dict(zip("YNAX", COLUMNS[14:18], strict=True))

FIRST_NUMBER = {1946: 1, 1966: 219, 1994: 891}
"""About the number of the first resolution of some years."""
SINCE_1966 = 1966
"""The year from which the Council has fifteen members, and nine have to be in favour."""

FORMER_SEATS = (
    ("CHN", "CHINA"), ("FRA", "FRANCE"), ("GBR", "UNITED KINGDOM"),
    ("SUN", "UNION OF SOVIET SOCIALIST REPUBLICS"), ("USA", "UNITED STATES"),
)  # fmt: skip
FORMER_ELECTED = (
    ("YUG", "YUGOSLAVIA"), ("CSK", "CZECHOSLOVAKIA"), ("ZAR", "ZAIRE"), ("TUR", "TURKEY"),
    ("BRA", "BRAZIL"), ("IND", "INDIA"), ("EGY", "EGYPT"), ("NOR", "NORWAY"), ("CAN", "CANADA"),
    ("MEX", "MEXICO"), ("PHL", "PHILIPPINES"), ("LKA", "CEYLON"), ("POL", "POLAND"),
    ("ITA", "ITALY"), ("GHA", "GHANA"), ("IRN", "IRAN"), ("PER", "PERU"), ("CUB", "CUBA"),
    ("BEL", "BELGIUM"), ("JPN", "JAPAN"), ("ZMB", "ZAMBIA"), ("ROM", "ROMANIA"),
)  # fmt: skip

THEMES = (
    ("women and peace and security", "Women and peace and security", "condemnation"),
    ("children and armed conflict", "Children and armed conflict", "condemnation"),
    ("protection of civilians in armed conflict", "Protection of civilians", "other"),
    ("admission of a new Member to the United Nations", "Admission of new Members", "other"),
    ("international tribunals", "International residual mechanism", "other"),
    ("terrorist acts", "Threats to international peace and security", "condemnation"),
)
OF_KIND = {
    "panel_renewal": "extension of the mandate of the Panel of Experts on {name}",
    "sanctions_renewal": "renewal of sanctions measures, {name}",
    "peacekeeping_renewal": "extension of the mandate of {name}",
    "aid_access_renewal": "renewal of cross-border aid, {name}",
    "investigation_renewal": "extension of the mandate of the investigative team, {name}",
    "sanctions_new": "imposition of an arms embargo and travel ban against {state}",
    "sanctions_easing": "lifting of the arms embargo against {state}",
    "ceasefire": "an immediate ceasefire in {state}",
    "condemnation": "condemnation of attacks in {state}",
    "other": "the situation in {state}",
}
HARSH = {"sanctions_renewal": 0.8, "sanctions_new": 1.6, "ceasefire": 1.3, "condemnation": 0.6}
"""How much more dissent there is on a kind of text than on a renewal, in logits."""

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class MadeVote:
    """One vote, of which each member of the Council gets a row.

    Args:
        number: of the resolution, or None where the draft failed or is an amendment.
        letters: a letter for each of the seats, in their order.
        seats: code and name of each member, the five permanent ones first.
        amends: the symbol of the draft that it amends, or nothing.
    """

    day: date
    number: int | None
    draft: str
    meeting: int
    letters: str
    seats: tuple[tuple[str, str], ...]
    description: str
    agenda: str
    subjects: str = ""
    modality: str = "Vote"
    note: str = ""
    amends: str = ""

    @property
    def resolution(self) -> str:
        """The symbol of the resolution, or nothing."""
        return f"S/RES/{self.number}({self.day.year})" if self.number else ""

    @property
    def outcome(self) -> Outcome:
        """What its roll call means by the Charter: the rule in its own words, to check others."""
        enough = self.letters.count("Y") >= (9 if len(self.seats) > 11 else 7)
        if not enough:
            return DECIDED[2]
        return DECIDED[1] if "N" in self.letters[:5] else DECIDED[0]

    @property
    def library_number(self) -> int:
        """The number under which the library would have it."""
        if self.number:
            return 3_900_000 + self.number
        _, year, number = self.draft.split("/")
        return 4_000_000 + 10_000 * (int(year) - 1946) + int(number)

    def rows(self) -> Rows:
        """Return its rows, in the columns of the library's file."""
        counts = Counter(self.letters)
        common = {
            "undl_id": str(self.library_number),
            "date": self.day.isoformat(),
            "resolution": self.resolution,
            "draft": self.draft,
            "meeting": f"S/PV.{self.meeting}",
            "description": self.description,
            "agenda": self.agenda,
            "subjects": self.subjects,
            "vote_note": self.note,
            "modality": self.modality,
            **{column: str(counts[letter]) for letter, column in TOTALS.items()},
            "total_ms": str(len(self.letters)),
            "undl_link": "",
        }
        return [
            {
                "ms_code": code,
                "ms_name": name,
                "permanent_member": str(n < 5),
                "ms_vote": letter,
                **common,
            }
            for n, ((code, name), letter) in enumerate(zip(self.seats, self.letters, strict=True))
        ]


def rows_of(votes: Iterable[MadeVote]) -> Rows:
    """Return the rows of all votes."""
    return [row for vote in votes for row in vote.rows()]


def as_csv(rows: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> str:
    """Return rows as the text of a file."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def seats_on(day: date) -> tuple[tuple[str, str], ...]:
    """Return code and name of those seated, permanent ones first; imagined ones before 1994."""
    if day.year >= 1994:
        return tuple((m.code, m.state.name.upper()) for m in council_on(day))
    n_elected = 6 if day.year < SINCE_1966 else 10
    first = 3 * (day.year - 1946)
    every = len(FORMER_ELECTED)
    return FORMER_SEATS + tuple(FORMER_ELECTED[(first + n) % every] for n in range(n_elected))


class Chamber:
    """Who dissents from what: drawn once, so that members stay themselves from vote to vote."""

    def __init__(self, generator: random.Random) -> None:
        self.generator = generator
        self.habits: dict[str, float] = {}
        self.ties: dict[tuple[str, str], float] = {}

    def letters(self, seats: Sequence[tuple[str, str]], matter: str, push: float) -> str:
        """Return how each member votes on a matter that meets with so much resistance."""
        return "".join(self._letter(code, matter, push) for code, _ in seats)

    def _letter(self, code: str, matter: str, push: float) -> str:
        draw = self.generator
        habit = self.habits.setdefault(code, draw.gauss(-5.6, 0.7))
        tie = self.ties.setdefault((code, matter), draw.gauss(0, 1.2))
        dissents = draw.random() < 1 / (1 + math.exp(-(habit + tie + push)))
        if not dissents:
            return "X" if draw.random() < 0.0008 else "Y"
        against = 1 / (1 + math.exp(-(tie + push - 4.2)))
        return "N" if draw.random() < against else "A"


def made_votes(
    n: int,
    first: date = date(1994, 1, 5),
    last: date = date(2025, 12, 30),
    random_seed: int = 1,
    chamber: Callable[[random.Random], Chamber] = Chamber,
) -> list[MadeVote]:
    """Return that many votes in the order of their days, spread evenly between two days.

    One in forty is an amendment, voted on right before its draft. Resolutions are numbered in the
    order of their days without a gap. The same arguments give the same votes.
    """
    draw = random.Random(random_seed)
    chamber_of_all, span = chamber(draw), (last - first).days
    days = sorted(first + timedelta(days=draw.randrange(span + 1)) for _ in range(n))
    number = FIRST_NUMBER[max((y for y in FIRST_NUMBER if y <= first.year), default=1946)]
    votes: list[MadeVote] = []
    for n_th, day in enumerate(days):
        vote = _draft(day, n_th, number, draw, chamber_of_all)
        is_amended = draw.random() < 1 / 40 and n_th + 1 < n and len(votes) + 2 <= n
        if is_amended and not vote.modality.startswith("Without"):
            votes.append(_amendment(vote, draw, chamber_of_all))
        if len(votes) < n:
            votes.append(vote)
            number += vote.number is not None
    return votes[:n]


def _draft(day: date, n_th: int, number: int, draw: random.Random, chamber: Chamber) -> MadeVote:
    """Return a vote on a draft; it has a number if it is adopted."""
    about, agenda, kind, matter = _matter(day, draw)
    seats = seats_on(day)
    contested = draw.random() < 0.07
    push = HARSH.get(kind, 0.0) + (3.0 if contested else 0.0)
    letters = chamber.letters(seats, matter, push)
    symbol = f"S/{day.year}/{1 + n_th}"
    vote = MadeVote(
        day=day,
        number=number,
        draft=symbol,
        meeting=3000 + 3 * n_th,
        letters=letters,
        seats=seats,
        description=f"Security Council resolution {number} ({day.year}) [on {about}]",
        agenda=agenda,
        subjects=agenda.upper(),
    )
    if vote.outcome is not Outcome.ADOPTED:
        failed = f"Draft resolution, not adopted [on {about}]"
        return replace(vote, number=None, description=failed)
    if set(letters) == {"Y"} and draw.random() < 0.03:
        return replace(vote, modality="Without Vote")
    return vote


def _amendment(vote: MadeVote, draw: random.Random, chamber: Chamber) -> MadeVote:
    """Return a vote on an amendment to a draft, which most members do not want."""
    letters = chamber.letters(vote.seats, "amendments", draw.choice([5.0, 7.0, 1.0]))
    number = int(vote.draft.rsplit("/", 1)[1])
    topic = vote.description.partition("[on ")[2].rstrip("]")
    return replace(
        vote,
        number=None,
        draft=f"S/{vote.day.year}/{5_000 + number}",
        letters=letters,
        description=f"Amendment to draft resolution {vote.draft} [on {topic}]",
        amends=vote.draft,
    )


def _matter(day: date, draw: random.Random) -> tuple[str, str, str, str]:
    """Return what a draft is on, its agenda, its kind, and a word for the matter."""
    living = [m for m in mandates().values() if m.lives_on(day)]
    chance = draw.random()
    if living and chance < 0.62:
        mandate = draw.choice(living)
        about = OF_KIND[mandate.instrument].format(name=mandate.name, state=_state_of(mandate))
        return about, _agenda(mandate), mandate.instrument, mandate.mandate
    if chance < 0.78:
        about, agenda, kind = draw.choice(THEMES)
        return about, agenda, kind, about
    mandate = draw.choice([m for m in mandates().values() if m.parties])
    kind = draw.choice(["sanctions_new", "sanctions_easing", "ceasefire", "condemnation", "other"])
    about = OF_KIND[kind].format(name=mandate.name, state=_state_of(mandate))
    return about, _agenda(mandate), kind, f"{kind} {mandate.parties[0]}"


def _state_of(mandate: Mandate) -> str:
    return states()[mandate.parties[0]].name if mandate.parties else "international peace"


def _agenda(mandate: Mandate) -> str:
    named = mandate.parties and states()[mandate.parties[0]].name
    return f"The situation in {named}" if named else "Threats to international peace and security"


if __name__ == "__main__":
    sys.stdout.write(as_csv(rows_of(made_votes(int(sys.argv[1])))))
