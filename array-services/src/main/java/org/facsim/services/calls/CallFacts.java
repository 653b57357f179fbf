/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Volume;

/**
 * What is known of one call: from its arrival on, where it comes from and what it is; from its
 * operation point on, what it is about. What becomes of it is in {@link CallRecord}.
 *
 * <p>The two are one object, because a call that is watched must not cost more than one.
 */
abstract class CallFacts {
  private Door door;
  private final InetSocketAddress client;
  private int xid;
  private int program;
  private int version;
  private int procedure;
  private String procedureName;
  private long requestBytes;

  // Known from the operation point on.
  private Inode file;
  private Inode otherFile;
  private Caller caller;
  private String name;
  private String otherName;
  private Object arguments;

  /** Of the last link. */
  private long note;

  /** The parameters are those of {@link Arrival}. */
  CallFacts(
      Door door,
      InetSocketAddress client,
      int xid,
      int program,
      int version,
      int procedure,
      String procedureName,
      long requestBytes) {
    this.door = door;
    this.client = client;
    this.xid = xid;
    this.program = program;
    this.version = version;
    this.procedure = procedure;
    this.procedureName = procedureName;
    this.requestBytes = requestBytes;
  }

  /** Another call of the same client. */
  @SuppressWarnings("ReferenceEquality") // a store into an old object costs more than a look
  final void setNumbers(
      Door newDoor,
      int newXid,
      int newProgram,
      int newVersion,
      int newProcedure,
      String newName,
      long newRequestBytes) {
    if (procedureName != newName) {
      door = newDoor;
      procedureName = newName;
    }
    xid = newXid;
    program = newProgram;
    version = newVersion;
    procedure = newProcedure;
    requestBytes = newRequestBytes;
    forgetNames();
  }

  private void forgetNames() {
    if (arguments != null || name != null || otherName != null) {
      setNames(null, null, null);
    }
  }

  final void setNames(Object decoded, String entry, String otherEntry) {
    arguments = decoded;
    name = entry;
    otherName = otherEntry;
  }

  @SuppressWarnings("ReferenceEquality") // see setNumbers
  final void setFiles(Inode named, Inode other, Caller onBehalfOf) {
    if (file != named) {
      file = named;
    }
    if (otherFile != other) {
      otherFile = other;
    }
    if (caller != onBehalfOf) {
      caller = onBehalfOf;
    }
  }

  /** Nothing but the numbers is known so far. */
  final void forgetOperation() {
    setFiles(null, null, null);
    forgetNames();
  }

  // ---------------------------------------------------------------- from arrival on

  /** The number of the connection that the call came on; 0 if it is not known, and over UDP. */
  public long connection() {
    return 0;
  }

  /** The local address that was called; null if it is not known. */
  public InetSocketAddress server() {
    return null;
  }

  /** Whether the call came in a datagram. */
  public boolean isDatagram() {
    return false;
  }

  public Door door() {
    return door;
  }

  /** Address and port. */
  public InetSocketAddress client() {
    return client;
  }

  /** By which the client knows the answer, and a retransmission is known; 0 over HTTP. */
  public int xid() {
    return xid;
  }

  /** The RPC program, unsigned; 0 over HTTP. */
  public int program() {
    return program;
  }

  public int version() {
    return version;
  }

  public int procedure() {
    return procedure;
  }

  /** As its RFC calls it, for example {@code GETATTR}; method and path over HTTP. */
  public String procedureName() {
    return procedureName;
  }

  /** Of the record without its mark; of the body over HTTP, as announced. */
  public long requestBytes() {
    return requestBytes;
  }

  /**
   * Who the call says it is made for, as it was sent; empty if it names nobody: a call without
   * AUTH_SYS, and HTTP.
   */
  public Optional<Caller> claimed() {
    return Optional.empty();
  }

  /**
   * The credential as it was sent, in brief, for example {@code AUTH_SYS esx1 0/0}; empty if there
   * is none.
   */
  public String principal() {
    return "";
  }

  // ---------------------------------------------------------------- from the operation point on

  /** What the call names by a handle or an export's path: a file of any type, a root included. */
  public Optional<Inode> file() {
    return Optional.ofNullable(file);
  }

  /** The second one of RENAME and LINK, a directory; the source of a clone. */
  public Optional<Inode> otherFile() {
    return Optional.ofNullable(otherFile);
  }

  /** Of {@link #file}. */
  public Optional<Volume> volume() {
    return file().map(Inode::volume);
  }

  /** On whose behalf the call runs, after squashing. */
  public Optional<Caller> caller() {
    return Optional.ofNullable(caller);
  }

  /** The name in the directory {@link #file} that the call is about, or the path of a MOUNT. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** The name in {@link #otherFile}. */
  public Optional<String> otherName() {
    return Optional.ofNullable(otherName);
  }

  /** The arguments, decoded; their {@code toString} is them in brief. Not to be kept. */
  public Optional<Object> arguments() {
    return Optional.ofNullable(arguments);
  }

  /** {@link #file}, or null. */
  public Inode fileOrNull() {
    return file;
  }

  /** {@link #otherFile}, or null. */
  public Inode otherFileOrNull() {
    return otherFile;
  }

  /** {@link #caller}, or null. */
  public Caller callerOrNull() {
    return caller;
  }

  /** {@link #name}, or null. */
  public String nameOrNull() {
    return name;
  }

  /** {@link #otherName}, or null. */
  public String otherNameOrNull() {
    return otherName;
  }

  // ---------------------------------------------------------------- its bytes

  /** The bytes of the call; asked for at the transport point only. */
  protected abstract ByteBuffer requestNow();

  /** The bytes of the answer; asked for when it is about to leave only. */
  protected abstract ByteBuffer replyNow();

  // ---------------------------------------------------------------- for a journal

  /** What one claim of numbers serves; null for the call alone. */
  public CallTurn turn() {
    return null;
  }

  /** How many calls, this one included, one read has brought from here on; a guess. */
  public int callsAtHand() {
    return 1;
  }

  /** Keeps a number with the call for the one link that {@link Calls#installLast} installed. */
  public void note(long number) {
    note = number;
  }

  /** What {@link #note} was told; 0 before. */
  public long noted() {
    return note;
  }

  /**
   * Copies the first bytes of {@link CallRecord#request}; at the transport point only.
   *
   * @return how many
   */
  public int copyRequest(ByteBuffer to, int at, int most) {
    return copy(requestNow(), to, at, most);
  }

  /**
   * Of a call that names nothing but a handle, and is made often: an object that stands for all
   * bytes of the request between the numbers of the call and its arguments. The same object is the
   * same bytes on the same connection. Null of other calls.
   */
  public Object briefCredential() {
    return null;
  }

  /** The bytes of the arguments, behind those that {@link #briefCredential} stands for. */
  public int argumentBytes() {
    return 0;
  }

  /** A word of the arguments of such a call, while the request is where it arrived. */
  public int argumentWord(int offsetBytes) {
    return 0;
  }

  /**
   * Copies the first bytes of {@link CallRecord#reply}; when it is about to leave only.
   *
   * @return how many
   */
  public int copyReply(ByteBuffer to, int at, int most) {
    return copy(replyNow(), to, at, most);
  }

  private static int copy(ByteBuffer from, ByteBuffer to, int at, int most) {
    int count = Math.min(from.remaining(), most);
    to.put(at, from, from.position(), count);
    return count;
  }

  @Override
  public String toString() {
    return "%s %s of %s, xid %08x"
        .formatted(
            door(),
            procedureName(),
            Objects.toString(client().getAddress().getHostAddress()),
            xid());
  }
}
