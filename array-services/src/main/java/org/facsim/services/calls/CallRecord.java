/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.services.access.Grant;

/**
 * One call, as the links of the chain see it: more becomes known from point to point. Made only
 * while a link is installed; a call without one runs without a record.
 *
 * <p>The call keeps the links that were there when it arrived, so that each link hears the whole of
 * a call or nothing of it. Belongs to its call: one thread after the other, never two at a time,
 * and no link keeps it beyond {@link CallInterceptor#ended}.
 */
public final class CallRecord {
  private final Calls calls;
  private final CallInterceptor[] links;
  private final Arrival arrival;
  private final long receivedNanos;

  private Fate arrivalFate = Fate.PASS;
  private boolean isAtTransport;

  // Known from the operation point on.
  private boolean metOperation;
  private Inode file;
  private Inode otherFile;
  private Caller caller;
  private String name;
  private String otherName;
  private Object arguments;
  private ArrayError refusal;

  // Known when the call is answered.
  private boolean hasStatus;
  private long status;
  private Departure departure;
  private Fate departureFate = Fate.PASS;
  private boolean isLeaving;
  private boolean hasEnded;
  private long endedNanos;

  CallRecord(Calls calls, CallInterceptor[] links, Arrival arrival, long nowNanos) {
    this.calls = calls;
    this.links = links;
    this.arrival = arrival;
    this.receivedNanos = nowNanos;
  }

  /**
   * The record that a call carries.
   *
   * @param attachment what the door's transport attached to the call
   * @return null if no link watches the call
   */
  public static CallRecord of(Object attachment) {
    return attachment instanceof CallRecord record ? record : null;
  }

  // ---------------------------------------------------------------- for doors

  void received() {
    isAtTransport = true;
    for (CallInterceptor link : links) {
      Fate fate = calls.ask(link, () -> link.received(this), Fate.PASS);
      arrivalFate = first(arrivalFate, fate);
    }
    isAtTransport = false;
  }

  private static Fate first(Fate before, Fate now) {
    return before == Fate.PASS ? now : before;
  }

  /** The names that the arguments bring; null for none. To be told before the operation point. */
  public CallRecord brings(Object decoded, String entry, String otherEntry) {
    arguments = decoded;
    name = entry;
    otherName = otherEntry;
    return this;
  }

  /** The operation point of a call that is granted a file. */
  public void operation(Grant grant) {
    operation(grant.file(), null, grant.caller());
  }

  /** The operation point of a call that is granted two, both of which it is about to change. */
  public void operation(Grant grant, Grant other) {
    operation(grant.file(), other.file(), grant.caller());
  }

  /**
   * The operation point. A call that comes here again, because it waited or is tried again, has
   * passed it; so has one that was answered before it is performed, as one-way messages may be.
   *
   * @param named what the call names, or null
   * @param other the second one, or null
   * @param onBehalfOf who makes the call, after squashing; null if unknown
   * @throws ArrayException if a link refuses the call, which must not be performed then
   */
  public void operation(Inode named, Inode other, Caller onBehalfOf) {
    if (!metOperation && !hasEnded) {
      metOperation = true;
      file = named;
      otherFile = other;
      caller = onBehalfOf;
      for (CallInterceptor link : links) {
        Optional<ArrayError> error = calls.ask(link, () -> link.operation(this), Optional.empty());
        if (refusal == null) {
          refusal = error.orElse(null);
        }
      }
    }
    if (refusal != null) {
      throw new ArrayException(refusal, "refused by a link of the call chain");
    }
  }

  /** The door's word, where its transport cannot read it in the answer. */
  public void says(long word) {
    hasStatus = true;
    status = word;
  }

  /** The answer is complete: what is to become of it. */
  public Fate answered(Departure answer) {
    if (departure != null || hasEnded) {
      return departureFate;
    }
    departure = answer;
    if (!hasStatus || answer.status() == Departure.REFUSED) {
      says(answer.status());
    }
    endedNanos = calls.nanoTime();
    isLeaving = true;
    for (CallInterceptor link : links) {
      Fate fate = calls.ask(link, () -> link.answered(this), Fate.PASS);
      departureFate = first(departureFate, fate);
    }
    isLeaving = false;
    return departureFate;
  }

  /** Nothing more will happen to the call; may be said twice. */
  public void ended() {
    if (hasEnded) {
      return;
    }
    hasEnded = true;
    if (departure == null) {
      endedNanos = calls.nanoTime();
    }
    for (CallInterceptor link : links) {
      calls.ask(
          link,
          () -> {
            link.ended(this);
            return Fate.PASS;
          },
          Fate.PASS);
    }
  }

  // ---------------------------------------------------------------- from arrival on

  public Door door() {
    return arrival.door();
  }

  /** Address and port. */
  public InetSocketAddress client() {
    return arrival.client();
  }

  /** By which the client knows the answer, and a retransmission is known; 0 over HTTP. */
  public int xid() {
    return arrival.xid();
  }

  /** The RPC program, unsigned; 0 over HTTP. */
  public int program() {
    return arrival.program();
  }

  public int version() {
    return arrival.version();
  }

  public int procedure() {
    return arrival.procedure();
  }

  /** As its RFC calls it, for example {@code GETATTR}; method and path over HTTP. */
  public String procedureName() {
    return arrival.procedureName();
  }

  /** Of the record without its mark; of the body over HTTP, as announced. */
  public long requestBytes() {
    return arrival.requestBytes();
  }

  /**
   * The bytes of the record as they came, read-only, without the mark; empty over HTTP, whose body
   * is still to come.
   *
   * @throws IllegalStateException outside {@link CallInterceptor#received}: the bytes are the
   *     connection's
   */
  public ByteBuffer request() {
    if (!isAtTransport) {
      throw new IllegalStateException("the bytes of a request are there at the transport point");
    }
    return arrival.request().get().asReadOnlyBuffer();
  }

  /** What the links decided at the transport point. */
  public Fate arrivalFate() {
    return arrivalFate;
  }

  // ---------------------------------------------------------------- from the operation point on

  /** Whether the call has come to its operation point. */
  public boolean metOperation() {
    return metOperation;
  }

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

  /** What the links refused the call with. */
  public Optional<ArrayError> refusal() {
    return Optional.ofNullable(refusal);
  }

  // ---------------------------------------------------------------- from the answer on

  /**
   * The door's word: the status of NFS, MOUNT, NLM or VAAI, or that of HTTP; 0 where the results
   * have none; {@link Departure#REFUSED} if RPC itself refused the call; empty without an answer.
   */
  public OptionalLong status() {
    return departure == null ? OptionalLong.empty() : OptionalLong.of(status);
  }

  /** Of the answer's record without its mark; of its body over HTTP; 0 without an answer. */
  public long replyBytes() {
    return departure == null ? 0 : departure.replyBytes();
  }

  /**
   * The bytes of the answer, read-only, without the mark; the body over HTTP.
   *
   * @throws IllegalStateException outside {@link CallInterceptor#answered}
   */
  public ByteBuffer reply() {
    if (!isLeaving) {
      throw new IllegalStateException("the bytes of a reply are there when it is answered");
    }
    return departure.reply().get().asReadOnlyBuffer();
  }

  /** What the links decided about the answer. */
  public Fate departureFate() {
    return departureFate;
  }

  /** From the arrival to the answer, or to the end of a call without one. */
  public long durationNanos() {
    boolean isOver = departure != null || hasEnded;
    return (isOver ? endedNanos : calls.nanoTime()) - receivedNanos;
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
