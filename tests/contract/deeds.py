"""What each role does and is refused: every rule that takes POST, with what it takes and what it does not."""

import io
import re
from typing import Any

from tests.contract.addresses import rule_of
from tests.contract.record import Record
from tests.contract.seed import EXAMPLE, PASSWORD, learn_hashes
from tests.contract.site import Browser, Site

JSON = "application/json"
MISSHAPEN = ("", "{", "[]", "null", '{"names": 5, "token": 5, "answer": 5, "reason": 5, "kind": 5}')


def refuse_everything(site: Site, browser: Browser, key: str = "") -> None:
    """Send every POST rule a form without a CSRF token, one that means nothing, and JSON that cannot be."""
    rules = {rule_of(rule) for rule in site.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    headers = {"X_Api_Key": site.facts[key]} if key else {}
    for rule in sorted(rules):
        address = rule.replace("<>", "999")
        if rule.startswith("/api/"):
            for text in MISSHAPEN:
                browser.post_json(address, text, **headers)
            browser.post(address, {"name": "x"}, csrf=False, **headers)
            if rule == "/api/v1/runs" and key:  # nothing at all meant a usual run
                browser.post_json("/api/v1/runs/5/cancel", {}, **headers)
        elif not key:
            browser.post(address, {"email": "nobody@example.org"}, csrf=False)
            if rule not in ("/logout", "/play"):
                browser.post(address, {"email": "nobody@example.org", "do": "x", "answer": "x", "hours": "x"})
                browser.post(address, {"email": "nobody@example.org"}, Accept=JSON)


def as_stranger(site: Site, record: Record) -> None:
    """Fail to log in, answer with tokens that are not one's own, bring files that are none."""
    stranger = Browser(site, "10.0.4.1", record)
    stranger.log_in("admin@example.org", "not the password")
    stranger.log_in("nobody@example.org", "not the password")
    page = Browser(site, "10.0.4.2", Record()).see("/?name=Kim").text
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    whole = site.places.learn(token[1], "token of another")
    for sent in (whole, site.places.learn(token[1][:-2], "cut token"), "x"):
        stranger.post("/feedback", {"token": sent, "answer": "male"})
    stranger.guess("Sasha", "neither")
    for data, title in ((b"", "a.csv"), (b"\x00\x01\x02", "b.xlsx"), (b"PK\x03\x04 no book", "c.xlsx")):
        stranger.post("/batch", {"file": (io.BytesIO(data), title)})
    for attempt in range(6):
        stranger.log_in("someone@example.org", f"wrong {attempt}")


def as_visitor(visitor: Browser) -> None:
    """Answer by JSON, take back, delete, look at what is another's, play on, stop a conversion."""
    page = visitor.client.get("/?name=Andrea").text
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    visitor.post("/feedback", {"token": token[1], "answer": "female"}, Accept=JSON)
    visitor.see("/?name=Andrea", note=" answered already")
    visitor.post("/feedback/1/undo", Accept=JSON)
    visitor.post("/feedback/2/delete", Accept=JSON)
    visitor.post("/feedback/9/undo")
    visitor.post("/feedback/9/delete")
    visitor.post("/play/{game}/3", {"answer": "female"})
    visitor.post("/play/{begun}/1", {"answer": "female"})
    visitor.post("/batch/{table}/stop")
    visitor.see("/batch/{table}/progress", note=" at the end")
    visitor.see("/history", note=" at the end")


def as_reviewer(reviewer: Browser) -> None:
    """Decide by JSON, undo it, decide on single answers, reject all since an hour."""
    told = reviewer.post("/review/decide", {"do": "reject sasha"}, Accept=JSON).get_json()
    reviewer.post("/review/undo", {"at": told["at"]})
    reviewer.post("/review/undo", {"at": told["at"]})
    reviewer.post("/review/undo", {"at": "yesterday"})
    reviewer.post(
        "/review/decide", {"do": "accept", "name": ["sasha", "anna"], "seen": "2020-01-01T00:00:00Z"}
    )
    reviewer.post("/review/decide", {"do": "accept nonsense sasha"})
    reviewer.post("/review/decide", {"do": "accept both sasha", "reason": "x" * 600})
    reviewer.post("/review/answers", {"do": "accepted 11", "back": "/review?status=accepted"})
    reviewer.post("/review/answers", {"do": "reopen 11"})
    reviewer.post("/review/since/reject", {"hours": "1", "reason": "All of it."})
    reviewer.post("/review/since/reject", {"hours": "5"})
    reviewer.see("/review", note=" at the end")
    reviewer.post("/users", {"email": "x@example.org", "role": "admin"})


def as_admin(site: Site, admin: Browser) -> None:
    """Keep users, keys, versions and runs."""
    keep_users(admin)
    keep_keys(admin)
    keep_versions(site, admin)
    keep_runs(site, admin)
    admin.see("/audit", note=" at the end")
    admin.see("/admin", note=" at the end")


def keep_users(admin: Browser) -> None:
    """Add, reset, disable, enable and promote a user, and fail to do so."""
    new, me = EXAMPLE.format("new"), EXAMPLE.format("admin")
    for rule, form in (
        ("/users", {"email": new, "role": "reviewer"}), ("/users", {"email": new, "role": "reviewer"}),
        ("/users", {"email": "no address", "role": "reviewer"}),
        ("/users", {"email": "a@example.org", "role": "king"}),
        ("/users/reset", {"email": new}), ("/users/reset", {"email": me}),
        ("/users/disable", {"email": new}),
        ("/users/disable", {"email": me}), ("/users/enable", {"email": new}),
        ("/users/role", {"email": new, "role": "admin"}), ("/users/role", {"email": new, "role": "king"}),
    ):  # fmt: skip
        admin.post(rule, form)


def keep_keys(admin: Browser) -> None:
    """Make a key and revoke it, and fail to make one."""
    admin.post("/admin/keys", {"title": "For the tests", "scope": ["read", "export"], "days": "90"})
    admin.post("/admin/keys", {"title": "", "scope": ["read"], "days": "90"})
    admin.post("/admin/keys", {"title": "No scope", "days": ""})
    admin.post("/admin/keys", {"title": "Odd", "scope": ["read"], "days": "5"})
    admin.post("/admin/keys/4/revoke")
    admin.see("/admin/keys", note=" at the end")


def keep_versions(site: Site, admin: Browser) -> None:
    """Import, promote, roll back and delete, and be refused each."""
    for number in (3, 4, 4):
        with open(site.facts[f"tiny{number}"], "rb") as file:
            admin.post("/versions/import", {"file": (file, "tiny.safetensors"), "note": f"Tiny {number}"})
        learn_hashes(site)
    admin.post("/versions/import", {"file": (io.BytesIO(b"no network"), "x.safetensors")})
    admin.post("/versions/v3/delete")
    admin.post("/versions/v1/delete")
    admin.post("/versions/v7/promote", {"reason": "Try it.", "expected": "1"})
    admin.post("/versions/v7/promote", {"reason": "Try it.", "expected": ""})
    site.wait_for(7)
    admin.see("/?name=Kim", note=" by v7")
    admin.post("/retraining/3/promote", {"reason": ""})
    admin.post("/retraining/3/promote", {"reason": "An admin may."})
    site.wait_for(4)
    admin.post("/versions/v1/promote", {"reason": ""})
    site.wait_for(1)
    admin.see("/versions", note=" at the end")
    admin.see("/history", note=" of a visitor without answers")


def keep_runs(site: Site, admin: Browser) -> None:
    """Start and cancel runs by forms, and be refused."""
    admin.post("/retraining", {"kind": "scratch", "preset": "tiny", "width": "nonsense"})
    admin.post("/retraining", {"kind": "scratch", "preset": "tiny", "corpus": "nothing"})
    admin.post("/retraining", {"kind": "scratch", "preset": "tiny", "promote": "1", "bidirectional": "yes"})
    admin.post("/retraining", {"kind": "scratch", "preset": "tiny"})
    admin.see("/retraining", note=" while a run waits")
    admin.post("/retraining/6/cancel")
    admin.post("/retraining/6/cancel")
    admin.post("/retraining/6/again")
    admin.see("/retraining/7", note=" started again")
    admin.post("/retraining/7/cancel")


def with_key(site: Site, record: Record) -> None:
    """Do by the API what a key opens, and be refused what it does not."""
    program = Browser(site, "10.0.4.9", record)
    for key in ("key", "reading", "revoked", ""):
        bearer = {"Authorization": f"Bearer {site.facts[key]}"} if key else {}
        names: tuple[dict[str, Any], ...] = (
            {"names": ["Giovanna", "123", "Σοφία"], "trace": True}, {"names": []}, {"names": [5]},
        )  # fmt: skip
        for sent in names:
            program.post_json("/api/v1/guess", sent, f" by {key}", **bearer)
        wanted = program.client.post(
            "/api/v1/guess", json={"names": ["Jean"], "tokens": True}, headers=bearer
        )
        token = (wanted.get_json().get("guesses") or [{}])[0].get("token", "none")
        program.post_json("/api/v1/feedback", {"token": token, "answer": "female"}, f" by {key}", **bearer)
        program.post_json("/api/v1/feedback", {"token": token, "answer": "perhaps"}, f" by {key}", **bearer)
        plan = {"kind": "scratch", "preset": "tiny", "device": "cpu"}
        begun = program.post_json("/api/v1/runs", plan, f" by {key}", **bearer)
        program.post_json("/api/v1/runs", plan | {"promote_if_passed": True}, f" by {key}", **bearer)
        run = begun.get_json().get("id", 1)
        for _ in range(2):
            program.post_json(f"/api/v1/runs/{run}/cancel", {}, f" by {key}", **bearer)
        for version in (2, 99, 1):
            why = {"reason": "Why not"}
            asked = f"/api/v1/versions/{version}/promote"
            if program.post_json(asked, why, f" by {key}", **bearer).status_code == 200:
                site.wait_for(version)


def leave(admin: Browser, reviewer: Browser) -> None:
    """Log out, and find the old cookie dead; log in again where one wanted to go."""
    admin.post("/logout")
    admin.see("/admin", note=" after the log-out")
    admin.post("/logout")
    form = {"email": "admin@example.org", "password": PASSWORD.format("admin"), "next": "/versions"}
    admin.post("/login", form)
    admin.post("/users/disable", {"email": "reviewer@example.org"})
    reviewer.see("/review", note=" when disabled")
