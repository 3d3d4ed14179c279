"""Deciding at the desk, on each kind of database: acts, conflicts, undoing, and their cases."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from model.url import canonicalize_url
from model.verdict import ModelId, Verdict
from service.errors import InvalidRequestError, NeverScannedError, NotAllowedError, NotFoundError
from service.finding import Finding, content_fingerprint
from service.rulings import Act
from service.store.audit import Actor
from service.store.case_tables import CASE_PAGES, CASES
from service.store.deciding import (
    FEW,
    OwnOpinionError,
    RuledMeanwhileError,
    UnconfirmedError,
    Wish,
    decide,
    pages_of_cases,
    plan_act,
    undo,
)
from service.store.decisions import record_decision, revoke_decision
from service.store.known import find_known
from service.store.tables import AUDIT
from service.store.verdicts import save_finding

WORDS = "words of a page that many a site could show to whoever comes along, number {}"
VERDICT = Verdict("suspicious", 0.5, ModelId("test-1", "0123456789ab"))


@dataclass
class Cases:
    """A database in which cases are made by hand, and asked about."""

    db: object
    now: object

    def seen(self, page, words):
        finding = Finding(
            VERDICT, page, (), content_fingerprint(words), self.now, self.now + timedelta(days=1)
        )
        with self.db.write() as connection:
            save_finding(connection, page, finding, None)

    def open(self, pages, words="the same words"):
        for page in pages:
            self.seen(page, WORDS.format(words))
        first = canonicalize_url(pages[0])
        with self.db.write() as connection:
            case_id = connection.execute(
                insert(CASES)
                .values(
                    opened_at=self.now,
                    touched_at=self.now,
                    band=0,
                    verdict="suspicious",
                    lang="en",
                    host=first.host,
                    site=first.host,
                    title="A page",
                    campaign=1,
                    pages=len(pages),
                    reach=1,
                    reports=0,
                    disagrees=False,
                    second_opinion=False,
                )
                .returning(CASES.c.id)
            ).scalar_one()
            for page in pages:
                connection.execute(
                    insert(CASE_PAGES).values(
                        case_id=case_id,
                        canonical=page,
                        host=canonicalize_url(page).host,
                        words="",
                        verdict="suspicious",
                        added_at=self.now,
                    )
                )
        return case_id

    def wish(self, case_id, ruling="bait", scope="page", **more):
        with self.db.read() as connection:
            pages = pages_of_cases(connection, [case_id])
        return Wish(tuple(pages), Act(ruling, scope), 0, **more)

    def decide(self, case_id, ruling="bait", scope="page", by="mod", **more):
        return decide(self.db, self.wish(case_id, ruling, scope, **more), self.by(by))

    def by(self, name):
        self.now += timedelta(seconds=1)
        return Actor(name, self.now)

    def undo(self, decision, by="mod", may_undo_others=False):
        return undo(self.db, decision.id, self.by(by), may_undo_others=may_undo_others)

    def plan(self, pages, scope):
        with self.db.read() as connection:
            return plan_act(connection, pages, scope)

    def state(self, case_id):
        query = select(CASES.c.closed_at, CASES.c.ruling, CASES.c.second_opinion)
        with self.db.read() as connection:
            row = connection.execute(query.where(CASES.c.id == case_id)).one()
        return "open" if row.closed_at is None else "closed", row.ruling, row.second_opinion

    def rulings(self, pages):
        with self.db.read() as connection:
            known = find_known(connection, [canonicalize_url(page) for page in pages])
        return [one.decision and one.decision.ruling for one in known]

    def log(self):
        with self.db.read() as connection:
            rows = connection.execute(select(AUDIT.c.by, AUDIT.c.action).order_by(AUDIT.c.id))
            return [tuple(row) for row in rows]


@pytest.fixture
def cases(db, now):
    return Cases(db, now)


ONE = "https://a.example/films/one"
TWO = "https://b.example/films/two"


def test_a_ruling_on_a_case_rules_each_of_its_pages_and_closes_it(cases):
    case_id = cases.open([ONE, TWO])
    made = cases.decide(case_id)
    assert cases.rulings([ONE, TWO]) == ["bait", "bait"]
    assert cases.state(case_id) == ("closed", "bait", False)
    assert len({decision.group_id for decision in made}) == 1
    assert [decision.case_id for decision in made] == [case_id, case_id]


def test_undoing_takes_the_whole_act_back_and_opens_the_case_again(cases):
    case_id = cases.open([ONE, TWO])
    made = cases.decide(case_id)
    cases.undo(made[1])
    assert cases.rulings([ONE, TWO]) == [None, None]
    assert cases.state(case_id) == ("open", None, False)
    with pytest.raises(NotFoundError):
        cases.undo(made[0])
    assert cases.log() == [("mod", "record_decision")] * 2 + [("mod", "revoke_decision")] * 2


def test_anothers_ruling_is_undone_by_a_lead_alone(cases):
    (made,) = cases.decide(cases.open([ONE]))
    with pytest.raises(NotAllowedError):
        cases.undo(made, by="other")
    cases.undo(made, by="other", may_undo_others=True)
    assert cases.rulings([ONE]) == [None]


def test_a_ruling_through_the_api_closes_the_case_and_its_revoking_opens_it(cases):
    case_id = cases.open([ONE])
    url = canonicalize_url(ONE)
    made = record_decision(cases.db, url, "not_bait", "host", None, cases.by("key"))
    assert cases.state(case_id) == ("closed", "not_bait", False)
    revoke_decision(cases.db, made.id, cases.by("key"))
    assert cases.state(case_id) == ("open", None, False)


def test_a_ruling_that_covers_part_of_a_case_leaves_it_open(cases):
    case_id = cases.open([ONE, TWO])
    record_decision(cases.db, canonicalize_url(ONE), "bait", "host", None, cases.by("key"))
    assert cases.state(case_id) == ("open", None, False)
    record_decision(cases.db, canonicalize_url(TWO), "bait", "page", None, cases.by("key"))
    assert cases.state(case_id) == ("closed", "bait", False)


@pytest.mark.parametrize("scope", ["page", "prefix", "host", "campaign"])
def test_a_ruling_of_each_scope_closes_the_other_cases_it_covers(cases, scope):
    case_id = cases.open([ONE])
    covered = {
        "page": [ONE.replace("https", "http")],
        "prefix": ["https://a.example/films/other"],
        "host": ["https://sub.a.example/elsewhere"],
        "campaign": ["https://c.example/copy"],
    }[scope]
    other = cases.open(covered, "the same words" if scope == "campaign" else "other words")
    apart = cases.open(["https://d.example/films/one"], "words of its own")
    cases.decide(case_id, scope=scope)
    assert cases.state(other) == ("closed", "bait", False)
    assert cases.state(apart) == ("open", None, False)


def test_a_plan_tells_what_an_act_would_cover(cases):
    cases.open([ONE, TWO])
    cases.seen("https://a.example/films/three", WORDS.format("others"))
    cases.seen("https://x.a.example:8443/y", WORDS.format("others"))
    cases.seen("https://nota.example/films/one", WORDS.format("others"))
    cases.seen("https://c.example/?u=a.example/", WORDS.format("others"))
    assert cases.plan([ONE], "page").covered == (ONE,)
    assert cases.plan([ONE], "prefix").covered == (ONE, "https://a.example/films/three")
    assert cases.plan([ONE], "host").covered == (
        ONE,
        "https://a.example/films/three",
        "https://x.a.example:8443/y",
    )
    assert cases.plan([ONE], "campaign").covered == (ONE, TWO)


def test_what_a_page_no_longer_says_is_not_covered_by_its_campaign(cases):
    cases.open([ONE, TWO])
    cases.seen(TWO, WORDS.format("quite different ones"))
    assert cases.plan([ONE], "campaign").covered == (ONE,)


def test_a_plan_that_cannot_be_says_why(cases):
    with pytest.raises(NeverScannedError):
        cases.plan(["https://never.example/"], "campaign")
    with pytest.raises(InvalidRequestError):
        cases.plan(["https://a.example/1/2/3/4/5/6"], "prefix")


def test_a_campaign_of_variants_is_ruled_as_each_of_them(cases):
    case_id = cases.open([ONE])
    cases.seen(TWO, WORDS.format("a variant"))
    wish = cases.wish(case_id, scope="campaign")
    made = decide(cases.db, replace(wish, pages=(ONE, TWO)), cases.by("mod"))
    assert len({decision.expression for decision in made}) == 2
    assert cases.rulings([ONE, TWO]) == ["bait", "bait"]


def many(cases):
    return cases.open([f"https://many.example/{number}" for number in range(FEW + 1)])


def test_many_addresses_need_a_lead_and_their_number_typed(cases):
    case_id = many(cases)
    with pytest.raises(NotAllowedError):
        cases.decide(case_id, confirmed=FEW + 1)
    with pytest.raises(UnconfirmedError) as refused:
        cases.decide(case_id, may_rule_many=True)
    assert refused.value.plan.count == FEW + 1
    with pytest.raises(UnconfirmedError):
        cases.decide(case_id, may_rule_many=True, confirmed=FEW)
    assert cases.log() == []
    assert len(cases.decide(case_id, may_rule_many=True, confirmed=FEW + 1)) == FEW + 1
    assert cases.state(case_id) == ("closed", "bait", False)


def test_who_was_faster_is_shown_to_whoever_comes_later(cases):
    case_id = cases.open([ONE])
    (first,) = cases.decide(case_id, by="one")
    with pytest.raises(RuledMeanwhileError) as refused:
        cases.decide(case_id, "not_bait", by="two")
    assert refused.value.decision == first
    wish = replace(cases.wish(case_id, "not_bait"), seen=first.id)
    decide(cases.db, wish, cases.by("two"))
    assert cases.rulings([ONE]) == ["not_bait"]


def test_an_own_ruling_may_be_changed_at_once(cases):
    case_id = cases.open([ONE])
    cases.decide(case_id)
    cases.decide(case_id, "not_bait")
    assert cases.state(case_id) == ("closed", "not_bait", False)


def test_who_is_unsure_leaves_the_case_to_somebody_else(cases):
    case_id = cases.open([ONE])
    (unsure,) = cases.decide(case_id, "unsure", by="one")
    assert cases.state(case_id) == ("open", None, True)
    with pytest.raises(OwnOpinionError):
        cases.decide(case_id, "bait", by="one")
    wish = replace(cases.wish(case_id, "bait"), seen=unsure.id)
    decide(cases.db, wish, cases.by("two"))
    assert cases.state(case_id) == ("closed", "bait", False)


def test_a_wider_ruling_counts_for_the_page_it_was_made_on_whatever_was_said_of_that(cases):
    case_id = cases.open([ONE])
    (unsure,) = cases.decide(case_id, "unsure", by="one")
    wish = replace(cases.wish(case_id, "bait", "host"), seen=unsure.id)
    made = decide(cases.db, wish, cases.by("two"))
    assert [decision.scope for decision in made] == ["host", "page"]
    assert cases.rulings([ONE]) == ["bait"]
    assert cases.state(case_id) == ("closed", "bait", False)
    cases.undo(made[0], by="two")
    assert cases.rulings([ONE]) == ["unsure"]
    assert cases.state(case_id) == ("open", None, True)
