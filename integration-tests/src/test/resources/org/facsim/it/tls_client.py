# SPDX-License-Identifier: Apache-2.0
#
# NFSv3 over RPC-with-TLS (RFC 9289) by Python's ssl module, which is OpenSSL: nothing of it is Java's.
# Usage: tls_client.py PORT EXPORT none|tls|mtls [CA CERTIFICATE KEY]
# Prints what each step was answered.
import os
import socket
import ssl
import struct
import sys

NFS, MOUNT = 100003, 100005
port, export, kind = int(sys.argv[1]), sys.argv[2], sys.argv[3]
xid = 0


def send(sock, body):
    sock.sendall(struct.pack(">I", 0x80000000 | len(body)) + body)


def exactly(sock, count):
    data = b""
    while len(data) < count:
        more = sock.recv(min(1 << 16, count - len(data)))
        if not more:
            raise EOFError("the server closed the connection")
        data += more
    return data


def receive(sock):
    record = b""
    last = False
    while not last:
        (mark,) = struct.unpack(">I", exactly(sock, 4))
        last = bool(mark & 0x80000000)
        record += exactly(sock, mark & 0x7FFFFFFF)
    return record


def opaque(data):
    return struct.pack(">I", len(data)) + data + b"\0" * (-len(data) % 4)


def call(sock, program, version, procedure, args, flavor=1):
    global xid
    xid += 1
    body = struct.pack(">IIIIII", xid, 0, 2, program, version, procedure)
    if flavor == 1:
        sys_auth = struct.pack(">I", 0) + opaque(b"python") + struct.pack(">III", 0, 0, 0)
        body += struct.pack(">I", 1) + opaque(sys_auth)
    else:
        body += struct.pack(">II", flavor, 0)
    body += struct.pack(">II", 0, 0) + args
    send(sock, body)
    reply = receive(sock)
    got, _, denied = struct.unpack(">III", reply[:12])
    assert got == xid, (got, xid)
    if denied:
        return ("denied",) + struct.unpack(">II", reply[12:20])
    _, length = struct.unpack(">II", reply[12:20])
    verifier = reply[20 : 20 + length]
    at = 20 + length + (-length % 4)
    (status,) = struct.unpack(">I", reply[at : at + 4])
    return ("accepted", status, verifier, reply[at + 4 :])


sock = socket.create_connection(("127.0.0.1", port), 60)
if kind != "none":
    answer = call(sock, NFS, 3, 0, b"", 7)
    print("probe", answer[0], answer[2].decode())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols(["sunrpc"])
    context.check_hostname = False
    context.load_verify_locations(sys.argv[4])
    if kind == "mtls":
        context.load_cert_chain(sys.argv[5], sys.argv[6])
    sock = context.wrap_socket(sock)
    print("tls", sock.version(), sock.selected_alpn_protocol())
    print("second probe", call(sock, NFS, 3, 0, b"", 7)[0])

mounted = call(sock, MOUNT, 3, 1, opaque(export.encode()))[3]
(status, length) = struct.unpack(">II", mounted[:8])
print("mount", status)
root = mounted[8 : 8 + length]
answer = call(sock, NFS, 3, 1, opaque(root))
if answer[0] == "denied":
    print("getattr denied", answer[1], answer[2])
    sys.exit(0)
print("getattr", struct.unpack(">I", answer[3][:4])[0])

created = call(sock, NFS, 3, 8, opaque(root) + opaque(b"file") + struct.pack(">I", 0) + struct.pack(">IIIIII", 0, 0, 0, 0, 0, 0))[3]
status, follows, length = struct.unpack(">III", created[:12])
print("create", status)
handle = created[12 : 12 + length]
data = os.urandom(1 << 20)
for turn in range(4):
    wrote = call(sock, NFS, 3, 7, opaque(handle) + struct.pack(">QII", turn << 20, len(data), 2) + opaque(data))[3]
    assert struct.unpack(">I", wrote[:4])[0] == 0
for turn in range(4):
    read = call(sock, NFS, 3, 6, opaque(handle) + struct.pack(">QI", turn << 20, 1 << 20))[3]
    assert read[-len(data) :] == data, "other bytes came back"
print("data", 8 << 20)
