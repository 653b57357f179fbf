/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.facsim.services.journal.JournalEntry.Transport;

/**
 * Makes packets of records, as they may have been on the wire: IPv4 or IPv6, and UDP, or TCP with
 * the record's mark, a handshake before the first record of a connection, and numbers that follow
 * each other. What was not kept of a record is left out at the end of its packets, whose lengths
 * still count it. A record that is longer than a segment has several.
 */
final class PacketMaker {
  /** The longest TCP segment, in bytes: with the headers less than IP's 64 KiB. */
  private static final int SEGMENT_BYTES = 64_000;

  /** Connections whose numbers are remembered; of the others the oldest is forgotten. */
  private static final int MAX_CONNECTIONS = 65_536;

  private static final int TCP_HEADER = 20;
  private static final int UDP_HEADER = 8;
  private static final byte TCP = 6;
  private static final byte UDP = 17;
  private static final int SYN = 2;
  private static final int PUSH = 8;
  private static final int ACK = 16;
  private static final short WINDOW = (short) 65_535;
  private static final int LAST_FRAGMENT = 1 << 31;
  private static final int MARK_BYTES = 4;
  private static final byte HOPS = 64;
  private static final int IPV6_BYTES = 16;

  private final PcapngWriter out;
  private final Map<SlotReader.Ends, Numbers> connections =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SlotReader.Ends, Numbers> eldest) {
          return size() > MAX_CONNECTIONS;
        }
      };

  /** How far the two streams of a connection have come. */
  private static final class Numbers {
    private int fromClient;
    private int fromServer;
  }

  PacketMaker(PcapngWriter out) {
    this.out = out;
  }

  /**
   * A record.
   *
   * @param toServer whether it is a request
   * @param kept its first bytes
   * @param recordBytes how long it was
   */
  void record(
      SlotReader.Ends ends,
      boolean toServer,
      long nanosSince1970,
      ByteBuffer kept,
      int recordBytes,
      String comment) {
    InetSocketAddress client = ends.client();
    InetSocketAddress server =
        ends.server() == null ? new InetSocketAddress(anyLike(client), 2049) : ends.server();
    InetSocketAddress from = toServer ? client : server;
    InetSocketAddress to = toServer ? server : client;
    byte[] first = new byte[kept.remaining()];
    kept.get(0, first);
    if (ends.transport() == Transport.UDP) {
      ByteBuffer header = ByteBuffer.allocate(UDP_HEADER);
      header.putShort((short) from.getPort()).putShort((short) to.getPort());
      header.putShort((short) (UDP_HEADER + recordBytes)).putShort((short) 0);
      packet(nanosSince1970, from, to, UDP, header.array(), first, recordBytes, comment);
      return;
    }
    Numbers numbers = connections.get(ends);
    if (numbers == null) {
      numbers = new Numbers();
      connections.put(ends, numbers);
      shakeHands(numbers, nanosSince1970, client, server);
    }
    byte[] marked =
        ByteBuffer.allocate(MARK_BYTES + first.length)
            .putInt(LAST_FRAGMENT | recordBytes)
            .put(first)
            .array();
    stream(numbers, toServer, nanosSince1970, from, to, marked, recordBytes + MARK_BYTES, comment);
  }

  private static InetAddress anyLike(InetSocketAddress client) {
    try {
      return InetAddress.getByAddress(new byte[client.getAddress().getAddress().length]);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("an address of a family that is known", e);
    }
  }

  private void shakeHands(
      Numbers numbers, long nanos, InetSocketAddress client, InetSocketAddress server) {
    segment(nanos, client, server, 0, 0, SYN, new byte[0], 0, "");
    segment(nanos, server, client, 0, 1, SYN | ACK, new byte[0], 0, "");
    segment(nanos, client, server, 1, 1, ACK, new byte[0], 0, "");
    numbers.fromClient = 1;
    numbers.fromServer = 1;
  }

  private void stream(
      Numbers numbers,
      boolean toServer,
      long nanos,
      InetSocketAddress from,
      InetSocketAddress to,
      byte[] first,
      int streamBytes,
      String comment) {
    for (int at = 0; at < streamBytes; at += SEGMENT_BYTES) {
      int length = Math.min(SEGMENT_BYTES, streamBytes - at);
      byte[] kept =
          at >= first.length
              ? new byte[0]
              : Arrays.copyOfRange(first, at, Math.min(first.length, at + length));
      int sequence = toServer ? numbers.fromClient : numbers.fromServer;
      int acknowledged = toServer ? numbers.fromServer : numbers.fromClient;
      boolean isLast = at + length == streamBytes;
      segment(
          nanos,
          from,
          to,
          sequence,
          acknowledged,
          isLast ? PUSH | ACK : ACK,
          kept,
          length,
          at == 0 ? comment : "");
      if (toServer) {
        numbers.fromClient += length;
      } else {
        numbers.fromServer += length;
      }
    }
  }

  private void segment(
      long nanos,
      InetSocketAddress from,
      InetSocketAddress to,
      int sequence,
      int acknowledged,
      int flags,
      byte[] kept,
      int length,
      String comment) {
    ByteBuffer header = ByteBuffer.allocate(TCP_HEADER);
    header.putShort((short) from.getPort()).putShort((short) to.getPort());
    header.putInt(sequence).putInt(acknowledged);
    header.put((byte) ((TCP_HEADER / Integer.BYTES) << 4)).put((byte) flags).putShort(WINDOW);
    packet(nanos, from, to, TCP, header.array(), kept, length, comment);
  }

  private void packet(
      long nanos,
      InetSocketAddress from,
      InetSocketAddress to,
      byte protocol,
      byte[] header,
      byte[] kept,
      int payloadBytes,
      String comment) {
    byte[] source = from.getAddress().getAddress();
    byte[] target = to.getAddress().getAddress();
    byte[] ip =
        source.length == IPV6_BYTES || target.length == IPV6_BYTES
            ? ipv6(wide(source), wide(target), protocol, header.length + payloadBytes)
            : ipv4(source, target, protocol, header.length + payloadBytes);
    byte[] packet = new byte[ip.length + header.length + kept.length];
    System.arraycopy(ip, 0, packet, 0, ip.length);
    System.arraycopy(header, 0, packet, ip.length, header.length);
    System.arraycopy(kept, 0, packet, ip.length + header.length, kept.length);
    out.packet(nanos, packet, (long) ip.length + header.length + payloadBytes, comment);
  }

  /** An IPv4 address mapped into IPv6, if it is one. */
  private static byte[] wide(byte[] address) {
    if (address.length == IPV6_BYTES) {
      return address;
    }
    byte[] mapped = new byte[IPV6_BYTES];
    mapped[10] = -1;
    mapped[11] = -1;
    System.arraycopy(address, 0, mapped, 12, 4);
    return mapped;
  }

  private static byte[] ipv4(byte[] source, byte[] target, byte protocol, int payloadBytes) {
    ByteBuffer header = ByteBuffer.allocate(20);
    header.put((byte) 0x45).put((byte) 0).putShort((short) (20 + payloadBytes));
    header.putInt(0x4000); // no fragment
    header.put(HOPS).put(protocol).putShort((short) 0).put(source).put(target);
    int sum = 0;
    for (int i = 0; i < 20; i += Short.BYTES) {
      sum += header.getShort(i) & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    header.putShort(10, (short) ~sum);
    return header.array();
  }

  private static byte[] ipv6(byte[] source, byte[] target, byte protocol, int payloadBytes) {
    ByteBuffer header = ByteBuffer.allocate(40);
    header.putInt(0x6000_0000).putShort((short) payloadBytes).put(protocol).put(HOPS);
    return header.put(source).put(target).array();
  }
}
