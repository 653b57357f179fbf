/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.facsim.protocol.mount.Mount3Status;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.calls.Door;
import org.facsim.services.journal.CallNames;

/** What the protocols of the doors call things, for the journal. */
final class WireNames implements CallNames {
  private static final String OK = "OK";

  /** Up to the credential. */
  private static final int RPC_HEADER_BYTES = 24;

  /** The longest brief. */
  private static final int MAX_BRIEF = 240;

  /** The name of a record at its beginning. */
  private static final Pattern RECORD = Pattern.compile("^\\w+\\[(.*)]$", Pattern.DOTALL);

  /** A field with a file handle: the entry has the path. */
  private static final Pattern HANDLE = Pattern.compile("\\w+=[0-9a-f]{64}(, )?");

  /** An attribute that a call leaves as it is, or an optional argument that it does not bring. */
  private static final Pattern NOT_SET =
      Pattern.compile(
          "\\b(?:mode|uid|gid|sizeBytes|accessTime|modifyTime|expectedChangeTimeNanos|sourceSession)"
              + "=(?:null|Optional\\.empty|SetTime\\[how=DONT_CHANGE, epochNanos=0])(?:, )?");

  /** Attributes of which none is set. */
  private static final Pattern EMPTY = Pattern.compile("\\battributes=\\w+\\[](?:, )?");

  /** A way to create a file that brings nothing else. */
  private static final Pattern PLAIN = Pattern.compile("\\b(how=\\w+)\\[]");

  /** What is left of one that stood last. */
  private static final Pattern COMMA_AT_END = Pattern.compile(", (?=]|$)");

  /** RFC 5531 section 9: why a call is refused, accepted or not. */
  private static final List<String> ACCEPTED =
      List.of(
          "SUCCESS", "PROG_UNAVAIL", "PROG_MISMATCH", "PROC_UNAVAIL", "GARBAGE_ARGS", "SYSTEM_ERR");

  private static final List<String> DENIED = List.of("RPC_MISMATCH", "AUTH_ERROR");

  private static final Map<Door, Map<Long, String>> STATUSES = new EnumMap<>(Door.class);

  static {
    for (Nfs4Status status : Nfs4Status.values()) {
      put(Door.NFS, status.code(), status.name());
    }
    for (Nfs3Status status : Nfs3Status.values()) {
      put(Door.NFS, status.code(), status.name());
    }
    for (Mount3Status status : Mount3Status.values()) {
      put(Door.MOUNT, status.code(), status.name());
    }
    for (NlmStatus status : NlmStatus.values()) {
      put(Door.NLM, status.code(), status.name());
    }
    for (VaaiStatus status : VaaiStatus.values()) {
      put(Door.VAAI, status.code(), status.name());
    }
    for (OpenSdsResult status : OpenSdsResult.values()) {
      put(Door.OPENSDS, status.code(), status.name());
    }
    put(Door.NSM, 0, OK);
    put(Door.PORTMAP, 0, OK);
  }

  private static void put(Door door, long code, String name) {
    STATUSES.computeIfAbsent(door, key -> new LinkedHashMap<>()).put(code, name);
  }

  @Override
  public String procedure(int program, int version, int procedure) {
    return RpcProcedures.name(program, version, procedure);
  }

  @Override
  public List<String> procedures(Door door) {
    return RpcProcedures.names(door);
  }

  @Override
  public String status(Door door, String procedure, long code) {
    return STATUSES.getOrDefault(door, Map.of()).getOrDefault(code, Long.toString(code));
  }

  @Override
  public List<String> statuses(Door door) {
    if (door == Door.HTTP) {
      return List.of();
    }
    List<String> all = new ArrayList<>(STATUSES.getOrDefault(door, Map.of()).values());
    all.addAll(ACCEPTED.subList(1, ACCEPTED.size()));
    all.addAll(DENIED);
    return all;
  }

  @Override
  public String refusal(ByteBuffer reply) {
    int isDenied = Integer.BYTES * 2;
    if (reply.remaining() < Integer.BYTES * 4) {
      return "REFUSED";
    } else if (reply.getInt(isDenied) != 0) {
      return nameOf(DENIED, reply.getInt(isDenied + Integer.BYTES));
    }
    int verifierBytes = reply.getInt(Integer.BYTES * 4);
    int at = Integer.BYTES * 5 + ((verifierBytes + 3) & ~3);
    return verifierBytes < 0 || at + Integer.BYTES > reply.remaining()
        ? "REFUSED"
        : nameOf(ACCEPTED, reply.getInt(at));
  }

  private static String nameOf(List<String> names, int code) {
    return code >= 0 && code < names.size() ? names.get(code) : "REFUSED";
  }

  @Override
  public Optional<String> arguments(Door door, int version, int procedure, ByteBuffer request) {
    ByteBuf in = Unpooled.wrappedBuffer(request);
    try {
      in.skipBytes(RPC_HEADER_BYTES);
      skipAuthentication(in);
      skipAuthentication(in);
      Object arguments = RpcArguments.decode(door, version, procedure, in);
      return Optional.ofNullable(arguments).map(WireNames::brief);
    } catch (RuntimeException cutOrMalformed) {
      return Optional.empty();
    }
  }

  /** A credential or a verifier: flavor and opaque bytes. */
  private static void skipAuthentication(ByteBuf in) {
    in.skipBytes(Integer.BYTES);
    int length = in.readInt();
    in.skipBytes((length + 3) & ~3);
  }

  private static String brief(Object arguments) {
    String whole = RECORD.matcher(arguments.toString()).replaceFirst("$1");
    String text = HANDLE.matcher(whole).replaceAll("");
    text = NOT_SET.matcher(text).replaceAll("");
    text = EMPTY.matcher(text).replaceAll("");
    text = PLAIN.matcher(text).replaceAll("$1");
    text = COMMA_AT_END.matcher(text).replaceAll("");
    return text.length() <= MAX_BRIEF ? text : text.substring(0, MAX_BRIEF) + "...";
  }
}
