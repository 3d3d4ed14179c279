"""Encrypted pages: trusted certificates only, and no environment variable changes that."""

import os
import socket
import ssl
import struct
import subprocess
import sys

import pytest

from service.fetch import (
    AddressPolicy,
    ConnectError,
    FetchTimeoutError,
    Network,
    TlsError,
    fetch_page,
)
from service.fetch.network import client_context

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>safe"


def answer(conn, request, stopped):
    conn.sendall(PAGE)


@pytest.fixture(scope="module")
def certificate(authority):
    return authority.issue_cert("site.test", "127.0.0.1")


@pytest.mark.parametrize("host", ["site.test", "127.0.0.1"])
def test_a_page_with_a_trusted_certificate_is_fetched(
    serve, server_context, certificate, trusting, host
):
    server = serve(answer, tls=server_context(certificate))
    url = server.url(scheme="https", host=host)
    page = fetch_page(url, policy=server.policy, network=trusting)
    assert (page.body, page.final_url) == (b"<p>safe", url)


def test_an_authority_nobody_knows_is_a_tls_error(serve, server_context, certificate):
    server = serve(answer, tls=server_context(certificate))
    with pytest.raises(TlsError, match="not trusted"):
        fetch_page(server.url(scheme="https"), policy=server.policy)


def test_a_certificate_for_another_name_is_a_tls_error(serve, server_context, authority, trusting):
    server = serve(answer, tls=server_context(authority.issue_cert("other.test")))
    with pytest.raises(TlsError, match=r"not valid for 'site\.test'"):
        fetch_page(
            server.url(scheme="https", host="site.test"), policy=server.policy, network=trusting
        )


def test_a_server_of_another_protocol_version_is_a_tls_error(serve, server_context, certificate):
    context = server_context(certificate)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    older = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    server = serve(answer, tls=context)
    with pytest.raises(TlsError):
        fetch_page(
            server.url(scheme="https"),
            policy=server.policy,
            network=Network(trust=lambda: older),
        )


def plain_http(conn, request, stopped):
    conn.sendall(PAGE)


def junk(conn, request, stopped):
    conn.sendall(bytes(range(256)))


def reset(conn, request, stopped):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def close_at_once(conn, request, stopped):
    pass


@pytest.mark.parametrize("behave", [plain_http, junk, close_at_once])
def test_a_server_that_does_not_speak_tls_is_a_tls_error(serve, fetch_timed, trusting, behave):
    server = serve(behave, polite=False)
    with pytest.raises(TlsError):
        fetch_timed(server, scheme="https", network=trusting)


def test_a_connection_that_is_reset_in_the_handshake_fails(serve, fetch_timed, trusting):
    server = serve(reset, polite=False)
    # Whether the reset comes before the handshake begins is up to the kernel.
    with pytest.raises((TlsError, ConnectError)):
        fetch_timed(server, scheme="https", network=trusting)


def test_a_reset_just_before_the_handshake_leaves_no_socket_open():
    """What stays open is a ResourceWarning, and every warning fails a test."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address, port = listener.getsockname()

        def trust_after_the_reset():
            peer, _ = listener.accept()
            reset(peer, None, None)
            peer.close()
            return client_context()

        network = Network(trust=trust_after_the_reset)
        with pytest.raises(TlsError):
            fetch_page(
                f"https://{address}:{port}/",
                policy=AddressPolicy(allow=((address, port),)),
                network=network,
            )


def silence(conn, request, stopped):
    stopped.wait(5)


def dripped_record(conn, request, stopped):
    conn.sendall(b"\x16\x03\x03\x10\x00")  # a handshake record of 4 KiB
    while not stopped.wait(0.02):
        conn.sendall(b"\x02")


@pytest.mark.parametrize("behave", [silence, dripped_record])
def test_a_handshake_that_does_not_end_is_a_timeout(serve, fetch_timed, trusting, behave):
    server = serve(behave, polite=False)
    with pytest.raises(FetchTimeoutError):
        fetch_timed(server, scheme="https", deadline=0.5, network=trusting)


def dripped_body(conn, request, stopped):
    conn.sendall(PAGE)
    while not stopped.wait(0.02):
        conn.sendall(b"a")


def test_an_encrypted_body_that_drips_is_a_timeout(
    serve, fetch_timed, server_context, certificate, trusting
):
    server = serve(dripped_body, tls=server_context(certificate))
    with pytest.raises(FetchTimeoutError):
        fetch_timed(server, scheme="https", deadline=0.7, network=trusting)


def broken_record(conn, request, stopped):
    conn.sendall(PAGE)
    # Past the encryption, straight into the socket below it.
    with socket.socket(fileno=os.dup(conn.fileno())) as bare:
        bare.sendall(b"\x17\x03\x03\x00\x20" + bytes(32))


def test_an_encryption_that_breaks_within_the_body_is_a_tls_error(
    serve, fetch_timed, server_context, certificate, trusting
):
    server = serve(broken_record, tls=server_context(certificate))
    with pytest.raises(TlsError):
        fetch_timed(server, scheme="https", network=trusting)


FETCH_BOTH = """
import sys
from service.fetch import AddressPolicy, FetchError, fetch_page
plain, encrypted = (int(port) for port in sys.argv[1:])
policy = AddressPolicy(allow=(("127.0.0.1", plain), ("127.0.0.1", encrypted)))
print(fetch_page(f"http://127.0.0.1:{plain}/", deadline=5, policy=policy).body)
try:
    fetch_page(f"https://127.0.0.1:{encrypted}/", deadline=5, policy=policy)
except FetchError as error:
    print(error.code)
"""


def test_the_environment_changes_nothing(serve, server_context, certificate, authority, tmp_path):
    proxy, plain = serve(silence), serve(answer)
    encrypted = serve(answer, tls=server_context(certificate))
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    proxies = {name: proxy.url() for name in ("http_proxy", "https_proxy", "all_proxy")}
    environment = os.environ | {
        **proxies,
        **{name.upper(): url for name, url in proxies.items()},
        "no_proxy": "",
        "SSL_CERT_FILE": str(tmp_path / "ca.pem"),
        "SSL_CERT_DIR": str(tmp_path),
        "SSLKEYLOGFILE": str(tmp_path / "keys"),
        "HOME": str(tmp_path),
    }
    run = subprocess.run(
        [sys.executable, "-c", FETCH_BOTH, str(plain.port), str(encrypted.port)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert run.stdout.split() == ["b'<p>safe'", "tls"]
    assert proxy.connections == 0
    assert not (tmp_path / "keys").exists()
