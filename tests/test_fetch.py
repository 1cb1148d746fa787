"""What may be fetched, where requests may go, and how keys stay secret."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import nb_banana as nb
from nb_banana import errors
from nb_banana._fetch.base_url import normalise_base_url
from nb_banana._fetch.download import afetch, fetch
from nb_banana._fetch.keys import clean_key, mask
from nb_banana._fetch.proxies import proxy_for
from nb_banana._fetch.urls import (
    MAX_REDIRECTS,
    check_address,
    check_url,
    kept_url,
    literal_address,
    redirect_target,
)
from nb_banana._strings import speaking

KEY = "sk-Ab3dEf6hIj9kLmNoPqRsTuVwXyZ0123456789abcd"
AUTH_KEY = "AQ.Ab8RN6JkLmNoPqRsTuVw0123xyz"  # the form of Google's newer keys; it reads like a host name

# --- picture URLs -------------------------------------------------------------------------------

LOOPBACK_SPELLINGS = [
    "http://127.0.0.1/a.png",
    "http://2130706433/a.png",
    "http://0x7f000001/a.png",
    "http://0x7f.1/a.png",
    "http://0177.0.0.1/a.png",
    "http://127.1/a.png",
    "http://127.0.0.1./a.png",
    "http://127。0。0。1/a.png",
    "http://①②⑦.0.0.1/a.png",
    "http://[::1]/a.png",
    "http://[::ffff:127.0.0.1]/a.png",
    "http://[::ffff:7f00:1]/a.png",
    "http://[::127.0.0.1]/a.png",
    "http://[64:ff9b::127.0.0.1]/a.png",
    "http://[2002:7f00:1::]/a.png",
]
PRIVATE = [
    "http://10.0.0.5/a.png",
    "http://172.16.3.4/a.png",
    "https://192.168.1.1/a.png",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/a.png",
    "http://198.18.0.7/a.png",
    "http://0.0.0.0/a.png",
    "http://224.0.0.1/a.png",
    "http://255.255.255.255/a.png",
    "http://[fe80::1]/a.png",
    "http://[fd00::1]/a.png",
    "http://[::]/a.png",
    "http://localhost/a.png",
    "http://app.localhost/a.png",
    "http://printer.local/a.png",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://intranet/a.png",
]


@pytest.mark.parametrize("url", LOOPBACK_SPELLINGS + PRIVATE)
def test_an_answer_never_leads_into_a_private_network(url):
    """However a private address is spelled, a URL an answer names is refused."""
    with pytest.raises(errors.InvalidRequestError):
        check_url(url, named_by="answer")


@pytest.mark.parametrize("url", LOOPBACK_SPELLINGS + PRIVATE)
def test_a_users_own_url_may_be_private(url):
    """People keep pictures on their own machines, so their own URLs may point there."""
    assert check_url(url, named_by="user").startswith(("http://", "https://"))


@pytest.mark.parametrize("named_by", ["user", "answer"])
@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/a.png",
        "gopher://example.com/",
        "javascript:alert(1)",
        "//example.com/a.png",
        "example.com/a.png",
        "https://user:secret@example.com/a.png",
        "https://example.com@127.0.0.1/a.png",
        "https://example.com\\@127.0.0.1/a.png",
        "https:///a.png",
        "https://exa mple.com/",
        "https://example.com/\r\nHost: evil",
        "http://[fe80::1%25eth0]/a.png",
        "http://[::1/a.png",
        "http://example.com:port/",
        "https://example.com/" + "a" * 9_000,
        "",
    ],
)
def test_only_plain_http_urls_are_fetched(url, named_by):
    """Other schemes, credentials and malformed URLs are refused whoever wrote them."""
    with pytest.raises(errors.InvalidRequestError) as caught:
        check_url(url, named_by=named_by)
    assert "secret" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("url", "fetched"),
    [
        ("https://example.com/a.png?sig=1&x=%20", "https://example.com/a.png?sig=1&x=%20"),
        (" https://EXAMPLE.com/a.png#frag ", "https://example.com/a.png"),
        (
            "https://bucket.oss-us-west-1.aliyuncs.com/o.png",
            "https://bucket.oss-us-west-1.aliyuncs.com/o.png",
        ),
        ("http://8.8.8.8:8080/a.png", "http://8.8.8.8:8080/a.png"),
        ("http://[2606:4700::1111]/a.png", "http://[2606:4700::1111]/a.png"),
        ("https://images.localhost-cdn.com/x", "https://images.localhost-cdn.com/x"),
    ],
)
def test_public_urls_pass_unchanged(url, fetched):
    """A public URL keeps its path and query; only the fragment and spaces around it go."""
    assert check_url(url, named_by="answer") == fetched


def test_a_signed_query_is_not_repeated_in_errors():
    """A query can be a signature, so a refusal does not show it."""
    with pytest.raises(errors.InvalidRequestError) as caught:
        check_url("ftp://example.com/a.png?Signature=s3cret", named_by="user")
    assert "s3cret" not in str(caught.value)
    assert "ftp://example.com/a.png" in str(caught.value)


@given(st.ip_addresses(v=4), st.sampled_from(["dec", "hex", "oct", "dotted-hex", "mapped", "short"]))
def test_every_spelling_of_an_ipv4_address_is_read_as_that_address(address, form):
    """No notation of an address hides it from the check."""
    value = int(address)
    octets = address.packed
    spelled = {
        "dec": str(value),
        "hex": hex(value),
        "oct": f"0{value:o}",
        "dotted-hex": ".".join(hex(octet) for octet in octets),
        "mapped": f"::ffff:{address}",
        "short": f"{octets[0]}.{value & 0xFFFFFF}",
    }[form]
    found = literal_address(spelled)
    if form == "mapped":
        found = found.ipv4_mapped
    assert found == address


def allowed(address):
    """Whether an answer may name ``address``; a user may name any."""
    check_address(address, named_by="user")
    try:
        check_address(address, named_by="answer")
    except errors.InvalidRequestError:
        return False
    return True


@given(st.ip_addresses(v=4))
def test_an_address_is_refused_exactly_when_it_is_not_public(address):
    """The standard library's list of special ranges decides, multicast and reserved ones included."""
    assert allowed(address) == (address.is_global and not address.is_multicast and not address.is_reserved)


@given(
    st.one_of(st.ip_addresses(v=4), st.sampled_from(["10.0.0.1", "127.0.0.1", "8.8.8.8"])), st.integers(0, 2)
)
def test_an_ipv4_address_inside_an_ipv6_one_counts(address, form):
    """Mapped, NAT64 and 6to4 addresses lead to the IPv4 host they carry, so that one is judged."""
    value = int(ipaddress.IPv4Address(address))
    carrier = [0xFFFF << 32 | value, 0x64_FF9B << 96 | value, 0x2002 << 112 | value << 80][form]
    assert allowed(ipaddress.IPv6Address(carrier)) == allowed(address)


def test_a_resolved_fake_address_of_a_local_proxy_is_let_through():
    """Clash answers DNS from 198.18/15; refusing it would refuse every host, so only literals are."""
    check_address("198.18.0.7", named_by="answer", resolved=True)
    with pytest.raises(errors.InvalidRequestError):
        check_address("198.18.0.7", named_by="answer")
    with pytest.raises(errors.InvalidRequestError):
        check_address("127.0.0.1", named_by="answer", resolved=True)


def test_a_redirect_to_another_host_is_named_by_the_server():
    """The user vouched for the first host only."""
    same = redirect_target("https://a.com/x", "/y", named_by="user", hops=1)
    assert same == ("https://a.com/y", "user")
    assert redirect_target("https://a.com/x", "https://b.com/y", named_by="user", hops=1).named_by == "answer"
    with pytest.raises(errors.InvalidRequestError):
        redirect_target("https://a.com/x", "https://169.254.169.254/", named_by="user", hops=1)
    with pytest.raises(errors.InvalidRequestError):
        redirect_target("https://a.com/x", "file:///etc/passwd", named_by="user", hops=1)
    with pytest.raises(errors.InvalidRequestError, match=r"http://a\.com/y"):
        redirect_target("https://a.com/x", "http://a.com/y", named_by="user", hops=1)
    with pytest.raises(errors.InvalidRequestError, match=str(MAX_REDIRECTS)):
        redirect_target("https://a.com/x", "/y", named_by="user", hops=MAX_REDIRECTS + 1)


# --- the download -------------------------------------------------------------------------------


class _Pictures(BaseHTTPRequestHandler):
    """A server that misbehaves on request."""

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        path = self.path
        if path.startswith("/to/"):
            self._start(302, {"Location": path.removeprefix("/to/")})
        elif path == "/loop":
            self._start(302, {"Location": "/loop"})
        elif path == "/big":
            self._start(200)
            self._write(b"x" * 3_000_000)
        elif path == "/slow":
            self._start(200)
            while self._write(b"x"):
                time.sleep(0.05)
        elif path == "/gone":
            self._start(404)
        else:
            self._start(200)
            self._write(b"picture")

    def _start(self, status, headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.end_headers()

    def _write(self, data):
        try:
            self.wfile.write(data)
        except OSError:  # the client hung up, as some tests want it to
            return False
        return True

    def log_message(self, *_):
        """Stay quiet; tests read ``server.seen``."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """A picture server on this machine, with the list of requests it saw."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pictures)
    server.daemon_threads = True
    server.seen = []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_users_picture_is_downloaded_without_any_credential(server, monkeypatch):
    """The bytes come as they are, and no key, cookie or proxy is involved, whatever the environment holds."""
    monkeypatch.setenv("APIYI_API_KEY", KEY)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:1")
    assert fetch(f"{server.url}/cat.png") == b"picture"
    [(path, headers)] = server.seen
    assert path == "/cat.png"
    assert KEY not in json.dumps(headers)
    assert not {"authorization", "cookie", "x-goog-api-key"} & {name.lower() for name in headers}


def test_a_name_is_pinned_to_its_checked_address_and_keeps_its_host_header(server):
    """The connection goes to the address that was checked; the server still sees the name."""
    assert fetch(f"http://localhost:{server.server_port}/a") == b"picture"
    assert server.seen[0][1]["Host"] == f"localhost:{server.server_port}"


def test_a_name_that_resolves_to_this_machine_is_refused_for_an_answer(server, monkeypatch):
    """A public-looking name with a private address reaches nothing."""
    real = socket.getaddrinfo

    def resolve(host, port, *args, **kwargs):
        return real("127.0.0.1" if host == "cdn.example.com" else host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(errors.InvalidRequestError, match=r"127\.0\.0\.1"):
        fetch(f"http://cdn.example.com:{server.server_port}/a", named_by="answer")
    assert server.seen == []
    assert fetch(f"http://cdn.example.com:{server.server_port}/a", named_by="user") == b"picture"


def test_redirects_are_followed_and_checked_again(server):
    """Within the host a redirect is followed; to another private host it is not."""
    assert fetch(f"{server.url}/to//b.png") == b"picture"
    with pytest.raises(errors.InvalidRequestError):
        fetch(f"{server.url}/to/http://localhost:{server.server_port}/secret")
    assert [path for path, _ in server.seen if "secret" in path and not path.startswith("/to/")] == []
    with pytest.raises(errors.InvalidRequestError):
        fetch(f"{server.url}/loop")
    assert sum(path == "/loop" for path, _ in server.seen) == MAX_REDIRECTS + 1


def test_a_download_stops_at_its_caps(server):
    """Neither an endless trickle nor an oversized file is taken in."""
    with pytest.raises(errors.InvalidImageError, match="1 MiB"):
        fetch(f"{server.url}/big", max_bytes=2**20)
    started = time.monotonic()
    with pytest.raises(errors.APITimeoutError, match=r"0\.5 s"):
        fetch(f"{server.url}/slow", max_seconds=0.5)
    assert time.monotonic() - started < 2


def test_a_download_that_fails_says_which_url_and_why(server):
    """A missing file and a dead host each give one sentence and a next step."""
    with pytest.raises(errors.InvalidImageError, match=r"/gone.*404"):
        fetch(f"{server.url}/gone")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{free.getsockname()[1]}/a.png"
    with pytest.raises(errors.APIConnectionError) as caught:
        fetch(dead)
    assert dead in str(caught.value)
    assert caught.value.hint


def downloads_end():
    """Wait for the download threads to be gone; they may take a moment to close their sockets."""
    deadline = time.monotonic() + 5
    while any(thread.name == "nb_banana-fetch" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_an_interrupt_ends_a_download_at_once(server):
    """Ctrl-C during a download that never ends returns long before its limit, and the download itself ends too."""
    main = threading.get_ident()
    timer = threading.Timer(0.3, signal.pthread_kill, (main, signal.SIGINT))
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        timer.start()
        fetch(f"{server.url}/slow")
    assert time.monotonic() - started < 20
    downloads_end()


def test_fetching_works_inside_a_running_loop(server):
    """A notebook cell runs inside a loop; both forms work there and leave no thread behind."""

    async def cell():
        return fetch(f"{server.url}/a"), await afetch(f"{server.url}/b")

    assert asyncio.run(cell()) == (b"picture", b"picture")
    downloads_end()


# --- base URLs ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("https://api.apiyi.com", "https://api.apiyi.com"),
        (" https://api.apiyi.com/ \n", "https://api.apiyi.com"),
        ("https://api.apiyi.com/v1", "https://api.apiyi.com"),
        ("https://api.apiyi.com/v1beta/", "https://api.apiyi.com"),
        ("https://api.apiyi.com//v1//", "https://api.apiyi.com"),
        ("https://api.apiyi.com/v1/chat/completions", "https://api.apiyi.com"),
        (
            "https://api.apiyi.com/v1beta/models/gemini-3-pro-image-preview:generateContent",
            "https://api.apiyi.com",
        ),
        (
            "https://generativelanguage.googleapis.com/v1beta/openai/",
            "https://generativelanguage.googleapis.com",
        ),
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api"),
        ("https://gateway.example.com/team/v2", "https://gateway.example.com/team/v2"),
        ("api.apiyi.com", "https://api.apiyi.com"),
        ("api.apiyi.com:8443/v1", "https://api.apiyi.com:8443"),
        ("'https://api.apiyi.com'", "https://api.apiyi.com"),
        ("https：//api。apiyi。com", "https://api.apiyi.com"),
        ("HTTPS://API.APIYI.COM:443", "https://api.apiyi.com"),
        ("http://localhost:8000/v1", "http://localhost:8000"),
        ("localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:9/", "http://127.0.0.1:9"),
        ("http://[::1]:9", "http://[::1]:9"),
        ("https://接口.例子.com:8443/v1", "https://xn--6orp08a.xn--fsqu00a.com:8443"),
        ("https://Bücher.example/team", "https://xn--bcher-kva.example/team"),
        (
            "https://a-rather-long-cloud-function-name.run.app",
            "https://a-rather-long-cloud-function-name.run.app",
        ),
    ],
)
def test_base_urls_are_brought_to_one_spelling(pasted, meant):
    """Whatever form of the address was pasted, the wires add their path to the same thing."""
    assert normalise_base_url(pasted) == meant
    assert normalise_base_url(meant) == meant


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "   ",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://api.apiyi.com",
        "http://api.apiyi.com",
        "http://192.168.1.2:3000",
        "https://",
        "https:/api.apiyi.com",
        "https://https://api.apiyi.com",
        "https://user:hunter2@api.apiyi.com",
        f"https://api.apiyi.com?key={KEY}",
        "https://api.apiyi.com/#/token",
        "https://api.apiyi.com:99999",
        "https://xn--a.example.com",
        f"https://{'例' * 64}.com",
        "https://[your-domain]/v1",
        "https://{host}.example.com",
        "https://$HOST",
        "https://api.apiyi.com,api.example.com",
        "https://^.",
        "https://api.apiyi.com/a/../b",
        "https://api apiyi.com",
        "https://api.apiyi.com\\@evil.com",
        KEY,
        f"https://{KEY}",
        AUTH_KEY,
        f"https://{AUTH_KEY}",
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_unusable_base_urls_are_refused_in_one_sentence(pasted, lang):
    """The sentence names base_url and never repeats a password or a key."""
    with speaking(lang), pytest.raises(errors.InvalidRequestError) as caught:
        normalise_base_url(pasted)
    assert caught.value.message.startswith("base_url ")
    assert caught.value.hint
    assert not any(secret in str(caught.value) for secret in ("hunter2", KEY, KEY[:9], KEY[-6:], AUTH_KEY[:9], AUTH_KEY[-6:]))


@given(st.text(max_size=40))
@example("0ÀŁথ᷆㉮。")  # in ASCII one long label, as a key is
@example("0`.")
def test_any_text_gives_a_base_url_or_a_sentence(text):
    """No input crashes the reader, and what it accepts is https or this machine and stable."""
    try:
        url = normalise_base_url(text)
    except errors.InvalidRequestError:
        return
    assert url.startswith(("https://", "http://"))
    assert normalise_base_url(url) == url


# --- proxies ------------------------------------------------------------------------------------

URL = "https://api.apiyi.com/v1beta"


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": ""}, None),
        ({"HTTPS_PROXY": "http://127.0.0.1:7890"}, "http://127.0.0.1:7890"),
        ({"https_proxy": "127.0.0.1:7890"}, "http://127.0.0.1:7890"),
        ({"https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:2"}, "http://a:1"),
        ({"HTTP_PROXY": "http://a:1"}, None),
        ({"ALL_PROXY": "socks5://127.0.0.1:7891"}, "socks5://127.0.0.1:7891"),
        ({"ALL_PROXY": "socks://127.0.0.1:7891", "HTTPS_PROXY": "http://a:1"}, "http://a:1"),
        ({"HTTPS_PROXY": "http://a:1", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://a:1", "NO_PROXY": "localhost, .apiyi.com"}, None),
        ({"HTTPS_PROXY": "http://a:1", "no_proxy": "api.apiyi.com:443"}, "http://a:1"),
        ({"HTTPS_PROXY": "http://a:1", "no_proxy": "iyi.com"}, "http://a:1"),
        ({"HTTPS_PROXY": "http://a:1", "NO_PROXY": "10.0.0.0/8"}, "http://a:1"),
    ],
)
def test_the_environment_names_the_proxy(environ, proxy):
    """The usual variables count in the usual order, and NO_PROXY exempts hosts and their subdomains."""
    assert proxy_for(URL, environ) == proxy


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "http://127.0.0.1:9", "http://[::1]:9", "http://2130706433"]
)
def test_this_machine_is_never_reached_through_a_proxy(url):
    """A loopback URL connects directly even when the proxy variable is broken."""
    assert proxy_for(url, {"HTTP_PROXY": "socks://x:1", "ALL_PROXY": "nonsense://"}) is None


def test_no_proxy_covers_networks_and_ports():
    """An address inside a listed network, and a listed host with its port, connect directly."""
    environ = {"HTTP_PROXY": "http://a:1", "NO_PROXY": "10.0.0.0/8,box.example:3000"}
    assert proxy_for("http://10.2.3.4/", environ) is None
    assert proxy_for("http://box.example:3000/", environ) is None
    assert proxy_for("http://box.example:3001/", environ) == "http://a:1"


@pytest.mark.parametrize(
    ("listed", "url", "direct"),
    [
        ("fd07:b51a:cc66:f0::/64", "http://[fd07:b51a:cc66:f0::7]:8000/", True),
        ("[fd07:b51a:cc66:f0::]/64", "http://[fd07:b51a:cc66:f0::7]/", True),
        ("fd07:b51a:cc66:f0::/64", "http://[fd08::7]/", False),
        ("fd07:b51a:cc66:f0::/64,10.0.0.0/8", "http://10.9.8.7/", True),
        ("::/0", "http://10.9.8.7/", False),
        ("[fd00::a:1]", "http://[fd00::a:1]/", True),
        ("fd00::a:1", "http://[fd00:0::a:1]/", True),
        ("[fd00::a:1]:8000", "http://[fd00::a:1]:8000/", True),
        ("[fd00::a:1]:8000", "http://[fd00::a:1]:8001/", False),
        ("fd00::a:8000", "http://[fd00::a]:8000/", False),
        ("10.1.2.3", "http://0x0a010203/", True),
        ("10.1.2", "http://10.1.2.3/", False),
        ("10.0.0.0/99,fe80::%eth0/64,[,],:,/,.", "http://10.1.2.3/", False),
        ("a.example; .b.example", "http://x.b.example/", True),
        ("*.b.example", "http://b.example/", True),
        ("b.example", "http://bb.example/", False),
        ("*", "http://[fd00::1]/", True),
    ],
)
def test_no_proxy_in_every_spelling(listed, url, direct):
    """Ranges and brackets of IPv6, ports, dots, stars and slips decide or are passed over, and never raise."""
    assert (proxy_for(url, {"ALL_PROXY": "socks5://a:1", "no_proxy": listed}) is None) == direct


def test_a_cgi_header_is_no_proxy():
    """Under CGI a visitor's Proxy header becomes HTTP_PROXY, so it is not believed there."""
    environ = {"HTTP_PROXY": "http://evil:1", "REQUEST_METHOD": "GET"}
    assert proxy_for("http://example.com/", environ) is None


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALL_PROXY", "socks://me:hunter2@127.0.0.1:7891"),
        ("all_proxy", "socks4://me:hunter2@127.0.0.1:7891"),
        ("HTTPS_PROXY", "ftp://me:hunter2@proxy:21"),
        ("HTTPS_PROXY", "http://me:hunter2@proxy:port"),
        ("HTTPS_PROXY", "http://me:hunter2/x@proxy:80"),
        ("HTTPS_PROXY", "me:hunter2#x@proxy:80"),
        ("https_proxy", "socks5://me:x?@hunter2/x@proxy:80"),
        ("https_proxy", "http://"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_unusable_proxy_names_its_variable_and_hides_its_password(variable, value, lang):
    """One sentence says which variable to change; waiting or retrying is not suggested."""
    with speaking(lang), pytest.raises(errors.APIConnectionError) as caught:
        proxy_for(URL, {variable: value})
    assert variable in caught.value.message
    assert "hunter2" not in str(caught.value)
    assert caught.value.retryable is False


@pytest.mark.parametrize("password", ["hunter2", "hunter2/x", "hunter2#x", "a?hunter2", "x/hunter2@b"])
def test_a_password_in_an_address_is_hidden_whatever_it_holds(password):
    """A password with letters that should have been escaped is in no sentence about a picture's or a service's address."""
    with pytest.raises(errors.InvalidRequestError) as caught:
        nb.Client(nb.Endpoint.sandbox()).edit(f"https://me:{password}@nas.local/cat.png", "make it night")
    assert "hunter2" not in str(caught.value)
    with pytest.raises(errors.InvalidRequestError) as caught:
        nb.Endpoint(f"https://me:{password}@api.example.com", KEY)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["https://a.example:8080/@me/cat@2x.png", "https://[::1]/@me/cat.png", "https://a.example/@me/cat.png?by=me@b"])
def test_an_at_sign_in_a_path_is_no_password(url):
    """What is kept of an address still leads to the picture."""
    assert kept_url(url) == url


# --- keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "around",
    ["{}", "{}\n", "\r\n\t{} ", "\ufeff{}", "\u00a0{}\u3000", "'{}'", '"{}"', "“{}”", "`{}`,", "\u200b{}\u2060",
     "Bearer {}", "bearer\u00a0{}", "Authorization: Bearer {}\n", "' Bearer \"{}\" '", "x-goog-api-key: {}"],
)  # fmt: skip
def test_what_surrounds_a_pasted_key_is_trimmed(around):
    """Line breaks, quotes, invisible characters and the header's words are not part of a key."""
    assert clean_key(around.format(KEY)) == KEY


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("Bearer ", "empty"),
        ("sk-", "placeholder"),
        ("sk-your-api-key", "placeholder"),
        ("sk-your-api-key-here", "placeholder"),
        ("YOUR_API_KEY", "placeholder"),
        ("your api key", "placeholder"),
        ("<your key>", "placeholder"),
        ("{api_key}", "placeholder"),
        ("$APIYI_API_KEY", "reference to APIYI_API_KEY"),
        ("${APIYI_API_KEY}", "reference to APIYI_API_KEY"),
        ("'${GOOGLE_API_KEY:-}'", "reference to GOOGLE_API_KEY"),
        ("%OPENROUTER_API_KEY%", "reference to OPENROUTER_API_KEY"),
        ("Bearer $KEY", "reference to a variable"),
        ("$env:NB_BANANA_API_KEY", "reference to a variable"),
        ("${{ secrets.API_KEY }}", "reference to a variable"),
        ("$(cat key.txt)", "reference to a variable"),
        ("${AIzaSyD0123456789abcdefghijklmnopqrstu}", "reference to a variable"),
        ("sk-xxxxxxxx", "placeholder"),
        ("sk-...", "placeholder"),
        ("sk-你的密钥", "placeholder"),
        ("sk-Ab3***abcd", "masked"),
        ("sk-Ab3…abcd", "masked"),
        ("sk-Ab3def ghi0123456", "a space at position 10"),
        ("  sk-Ab3def\nghi0123456", "a line break at position 12"),
        ("sk-Ab3def\u00a0ghi0123456", "a space at position 10"),
        ("sk-Ab3defＧhi0123456", "a full-width character at position 10"),
        ("sk-Ab3def\u200bghi0123456", "an invisible character at position 10"),
        ("sk-Ab3def\x07ghi0123456", "an invisible character at position 10"),
        ("sk-Ab3deféghi0123456", "a character no key contains at position 10"),
        ("k" * 600, "600 characters"),
    ],
)
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(text, word):
    """The sentence says what is wrong and where, in 200 characters, and holds no part of the key."""
    with pytest.raises(errors.AuthenticationError, match=word) as caught:
        clean_key(text)
    assert len(str(caught.value)) <= 200
    assert "Ab3" not in str(caught.value)
    assert "kkk" not in str(caught.value)


@pytest.mark.parametrize(
    "key",
    [KEY, "AIzaSyD-abc_123", "test-key", "mykey1234", "sk-yourself123abc", "sk-or-v1-0a1b2c", "any", "dummy"],
)
def test_keys_of_every_provider_pass(key):
    """Nothing is assumed about a key beyond printable ASCII: gateways and loopback servers invent their own."""
    assert clean_key(key) == key


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=20, max_size=60))
def test_cleaning_a_clean_key_changes_nothing(text):
    """Cleaning twice is cleaning once."""
    try:
        key = clean_key(text)
    except errors.AuthenticationError:
        return
    assert clean_key(key) == key
    assert key in text


@pytest.mark.parametrize(
    "text",
    [
        f"Incorrect API key provided: {KEY}.",
        f"key {KEY.upper()} refused",
        f"Authorization: Bearer {KEY}",
        f"prefix {KEY[:9]} and suffix {KEY[-6:]}",
        f"{KEY[:12]}***{KEY[-4:]}",
        f"sk-Ab3***{KEY[-4:]}",
        f"sk-****{KEY[-4:]}",
        f"{KEY[:7]}...{KEY[-4:]}",
        f"{KEY[:6]}••••••",
        f"middle {KEY[15:30]}",
        base64.b64encode(KEY.encode()).decode(),
        base64.b64encode(f"user:{KEY}".encode()).decode(),
        base64.urlsafe_b64encode(f"Bearer {KEY}!".encode()).decode(),
    ],
)
def test_every_trace_of_a_key_is_masked(text):
    """Whole, cut, half-masked or encoded: after masking no telling part of the key is left."""
    masked = mask(f"before {text} after", [KEY])
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert "***" in masked
    for part in (KEY[:9], KEY[-6:], KEY[:7], KEY[-4:], base64.b64encode(KEY.encode()).decode()[:20]):
        assert part.lower() not in masked.lower()


def test_text_without_the_key_is_left_alone():
    """Masking does not eat ordinary words, dots or stars."""
    text = "Wait... **bold** sk- is a prefix; see https://api.apiyi.com/token and task-force."
    assert mask(text, [KEY, "", "abc"]) == text


@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 2))
def test_a_key_never_survives_masking(before, after, encoding):
    """Wherever a key or its base64 stands, the scan of the fault list finds nothing."""
    written = [KEY, base64.b64encode(KEY.encode()).decode(), json.dumps({"k": KEY})][encoding]
    assume(KEY not in before + after)
    masked = mask(before + written + after, [KEY])
    for trace in (KEY, KEY[:9], KEY[-6:], base64.b64encode(KEY.encode()).decode()):
        assert trace not in masked


def test_addresses_are_what_the_standard_library_calls_them():
    """The reader returns real address objects, so that nobody compares strings."""
    assert literal_address("0x7f.1") == ipaddress.IPv4Address("127.0.0.1")
    assert literal_address("example.com") is None
    assert literal_address("1.2.3.4.5") is None
    assert literal_address("256.1.1.1") is None
