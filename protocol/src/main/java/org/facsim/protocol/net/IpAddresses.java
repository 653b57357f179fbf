/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Turns text into addresses; no other class does. {@link #parse} and {@link #parseWithZone} read
 * literals and never ask a name service, so they are safe for text from the wire and on event
 * loops. {@link #resolve} is for options, where a name is allowed.
 *
 * <p>The JDK's own {@code InetAddress.getByName} does both: it asks the name service for everything
 * that is not a literal ({@code 999.1.1.1}), which may take a minute, and reads {@code 1.2.3} as
 * {@code 1.2.0.3}. {@code ArchitectureIT} keeps it out of every other class.
 */
public final class IpAddresses {
  /** Longer than any literal of IPv6, with its zone. */
  private static final int MAX_LITERAL_CHARS = 64;

  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  private static final Pattern IPV4 =
      Pattern.compile("(?:0|[1-9]\\d{0,2})(?:\\.(?:0|[1-9]\\d{0,2})){3}");
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

  /** Matches text that cannot be a name, because the last label of a name has a letter. */
  private static final Pattern NEVER_A_NAME = Pattern.compile("[0-9.]*|.*[:%\\[\\]\\s].*");

  private static final Pattern ZONE_INDEX = Pattern.compile("\\d{1,9}");

  private IpAddresses() {}

  /**
   * Reads a literal: four decimal numbers of 0 to 255 without leading zeros, or any form of IPv6
   * without a zone. An IPv4 address mapped into IPv6 is an IPv4 address.
   *
   * @return empty for anything else
   */
  public static Optional<InetAddress> parse(String text) {
    if (text.length() > MAX_LITERAL_CHARS) {
      return Optional.empty();
    }
    byte[] bytes = text.indexOf(':') < 0 ? ipv4(text) : ipv6(text);
    return bytes == null ? Optional.empty() : Optional.of(ofBytes(bytes));
  }

  private static byte[] ipv4(String text) {
    if (!IPV4.matcher(text).matches()) {
      return null;
    }
    byte[] bytes = new byte[IPV4_BYTES];
    String[] numbers = text.split("\\.", -1);
    for (int i = 0; i < IPV4_BYTES; i++) {
      int number = Integer.parseInt(numbers[i]);
      if (number > 0xff) {
        return null;
      }
      bytes[i] = (byte) number;
    }
    return bytes;
  }

  /**
   * RFC 4291 section 2.2: eight groups, of which one run of zeros may be left out, and the last two
   * of which may be an IPv4 address.
   */
  private static byte[] ipv6(String text) {
    int gap = text.indexOf("::");
    ByteBuffer bytes = ByteBuffer.allocate(IPV6_BYTES);
    if (gap < 0) {
      return addGroups(bytes, text) && !bytes.hasRemaining() ? bytes.array() : null;
    }
    ByteBuffer behind = ByteBuffer.allocate(IPV6_BYTES);
    String tail = text.substring(gap + 2);
    if (!(gap == 0 || (addGroups(bytes, text.substring(0, gap)) && isGroup(text, gap)))
        || !(tail.isEmpty() || addGroups(behind, tail))) {
      return null;
    }
    int zeros = bytes.remaining() - behind.position();
    if (zeros < Short.BYTES) {
      return null;
    }
    return bytes.position(bytes.position() + zeros).put(behind.flip()).array();
  }

  /** Whether the part that ends there is a group; an IPv4 address may only come last. */
  private static boolean isGroup(String text, int end) {
    return text.lastIndexOf('.', end) < 0;
  }

  /** Appends groups; false if they are invalid or too many. */
  private static boolean addGroups(ByteBuffer bytes, String text) {
    String[] groups = text.split(":", -1);
    for (int i = 0; i < groups.length; i++) {
      byte[] ipv4 = i == groups.length - 1 ? ipv4(groups[i]) : null;
      int needed = ipv4 == null ? Short.BYTES : IPV4_BYTES;
      if (bytes.remaining() < needed || (ipv4 == null && !GROUP.matcher(groups[i]).matches())) {
        return false;
      }
      if (ipv4 == null) {
        bytes.putShort((short) Integer.parseInt(groups[i], 16));
      } else {
        bytes.put(ipv4);
      }
    }
    return true;
  }

  /**
   * Reads a literal that may have a zone, as {@link InetAddress#getHostAddress} writes it for
   * link-local addresses: {@code fe80::1%eth0} or {@code fe80::1%2}.
   *
   * @return empty for anything else, and for an interface that does not exist
   */
  public static Optional<InetAddress> parseWithZone(String text) {
    int percent = text.indexOf('%');
    if (percent < 0) {
      return parse(text);
    }
    return parse(text.substring(0, percent))
        .filter(Inet6Address.class::isInstance)
        .flatMap(address -> withZone(address, text.substring(percent + 1)));
  }

  private static Optional<InetAddress> withZone(InetAddress address, String zone) {
    try {
      if (ZONE_INDEX.matcher(zone).matches()) {
        return Optional.of(
            Inet6Address.getByAddress(null, address.getAddress(), Integer.parseInt(zone)));
      }
      NetworkInterface there = zone.isEmpty() ? null : NetworkInterface.getByName(zone);
      return there == null
          ? Optional.empty()
          : Optional.of(Inet6Address.getByAddress(null, address.getAddress(), there));
    } catch (UnknownHostException | SocketException e) {
      return Optional.empty();
    }
  }

  /**
   * The address of a machine, given as a literal, which may be in brackets, or as a name. Blocks
   * for at most {@code patience}, so it must not run on an event loop. Text that can only be an
   * address is never sent to a name service.
   *
   * @param patience how long the name service may take; after that, its thread is left behind
   * @throws UnknownHostException if there is no address, or none was found in time
   */
  public static InetAddress resolve(String host, Duration patience) throws UnknownHostException {
    boolean inBrackets = host.startsWith("[") && host.endsWith("]") && host.indexOf(':') > 0;
    Optional<InetAddress> literal =
        parseWithZone(inBrackets ? host.substring(1, host.length() - 1) : host);
    if (literal.isPresent()) {
      return literal.get();
    }
    if (NEVER_A_NAME.matcher(host).matches()) {
      throw new UnknownHostException("'" + host + "' is neither an address nor a name");
    }
    CompletableFuture<InetAddress> answer = new CompletableFuture<>();
    Thread asking = new Thread(() -> ask(host, answer), "resolve " + host);
    asking.setDaemon(true);
    try {
      asking.start();
    } catch (
        OutOfMemoryError e) { // this means that threads ran out: the JVM has no other error for it
      throw unknown("there is no thread to ask for '" + host + "'", e);
    }
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw unknown("no address of '" + host + "' is known", e);
    } catch (TimeoutException e) {
      throw unknown(
          "no name service told the address of '" + host + "' in " + patience.toSeconds() + " s",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown("interrupted while asking for '" + host + "'", e);
    }
  }

  private static void ask(String host, CompletableFuture<InetAddress> answer) {
    try {
      answer.complete(InetAddress.getByName(host));
    } catch (UnknownHostException | RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  private static UnknownHostException unknown(String message, Throwable cause) {
    UnknownHostException unknown = new UnknownHostException(message);
    unknown.initCause(cause);
    return unknown;
  }

  private static InetAddress ofBytes(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("address of " + bytes.length + " bytes", e);
    }
  }
}
