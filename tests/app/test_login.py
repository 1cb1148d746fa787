"""The app behind a proxy that signs people in: the login is the visitor, and nothing else is."""

from __future__ import annotations

import pytest
import requests

from .class_kit import Visitor, school
from .conftest import free_port


@pytest.fixture(scope="module")
def behind(tmp_path_factory):
    """The app under a prefix, told the login in a header."""
    with school(tmp_path_factory.mktemp("login"), free_port(), "--login-header", "X-Forwarded-User", "--prefix", "/class/") as running:
        yield running


def test_who_signed_in_is_the_visitor_and_nobody_else_comes_in(behind):
    """Without the header there is a page in words and no kernel; with it the login's own folder and name; a cookie changes nothing, and another login's kernel is not there."""
    assert behind.url.endswith("/class")
    nobody = Visitor(behind)
    assert nobody.get("/").status_code == 403 and "Nobody said who you are" in nobody.get("/enter").text
    assert nobody.web.post(f"{behind.url}/enter", {"_xsrf": nobody.web.cookies.get("_xsrf", "")}, timeout=30).status_code in (403, 404)
    ann, eve = (Visitor(behind, {"X-Forwarded-User": f"{name}@school.example/../../x"}) for name in ("ann", "eve"))
    assert ann.open().status_code == 200 and ann.kernel
    assert ann.get(f"/api/kernels/{ann.kernel}").status_code == 200
    assert eve.get(f"/api/kernels/{ann.kernel}").status_code == 404
    assert requests.get(f"{behind.url}/api/kernels/{ann.kernel}", cookies=ann.web.cookies, timeout=30, allow_redirects=False).status_code == 403
    (folder,) = (behind.folder / "visitors").iterdir()
    assert folder.name.startswith("login-") and not (behind.folder.parent / "x").exists()
    page = requests.get(behind.teacher, timeout=30)
    assert page.url.endswith("/class/teacher") and "ann@school.example" in page.text and "eve@" not in page.text
