/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalLong;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.services.access.Grant;

/**
 * One call, as the links of the chain see it: more becomes known from point to point. Made only
 * while a link is installed; a call without one runs without a record.
 *
 * <p>The call keeps the links that were there when it arrived, so that each link hears the whole of
 * a call or nothing of it. Belongs to its call: one thread after the other, never two at a time,
 * and no link keeps it beyond {@link CallInterceptor#ended}.
 */
public abstract class CallRecord extends CallDecisions {
  private Calls calls;
  private CallLinks.Listeners listeners;
  private CallInterceptor[] links;

  /** Whether the only link is told of everything at the end. */
  private boolean isQuiet;

  private long receivedNanos;

  private boolean isAtTransport;

  // Known from the operation point on.
  private boolean metOperation;

  // Known when the call is answered.
  private boolean isFromMemory;
  private boolean hasStatus;
  private long status;
  private boolean isAnswered;
  private long replyBytes;
  private boolean isLeaving;
  private boolean hasEnded;

  private long endedNanos;

  /**
   * A call that has arrived; the parameters are those of {@link Arrival}, which also says what they
   * are over HTTP.
   */
  protected CallRecord(
      Door door,
      InetSocketAddress client,
      int xid,
      int program,
      int version,
      int procedure,
      String procedureName,
      long requestBytes) {
    super(door, client, xid, program, version, procedure, procedureName, requestBytes);
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

  /**
   * The time when the call arrives or is answered; a door may know it without reading the clock.
   *
   * @param isAnswered whether the call is being answered, and not arriving
   */
  protected long nanoTime(boolean isAnswered) {
    return calls.nanoTime();
  }

  /** Whether the call is usually answered at once, with its request still where it arrived. */
  protected boolean mayBeQuiet() {
    return false;
  }

  /** Whether the bytes of the answer, which is complete, are wanted by nobody. */
  protected boolean mayStayQuiet() {
    return false;
  }

  /** Whether the record may become that of another call when this one has ended. */
  protected final boolean isReusable() {
    return hasEnded && listeners.keepNothing;
  }

  /**
   * Becomes the record of another call of the same client; for the door that made it, if it {@link
   * #isReusable} and nothing else of the door has it any more. The parameters are those of the
   * constructor.
   */
  @SuppressWarnings("ReferenceEquality") // a store into an old object costs more than a look
  protected final void again(
      Door newDoor,
      int newXid,
      int newProgram,
      int newVersion,
      int newProcedure,
      String newName,
      long newRequestBytes) {
    setNumbers(newDoor, newXid, newProgram, newVersion, newProcedure, newName, newRequestBytes);
    metOperation = false; // what it brought is forgotten when somebody may ask for it
    forgetVerdicts();
    isFromMemory = false;
    hasStatus = false;
    status = 0;
    isAnswered = false;
    replyBytes = 0;
    hasEnded = false;
    note(0);
  }

  @SuppressWarnings("ReferenceEquality") // see again
  void received(Calls by, CallLinks.Listeners listening) {
    if (listeners != listening) {
      calls = by;
      listeners = listening;
      links = listening.links;
    }
    receivedNanos = nanoTime(false);
    isQuiet = listening.areQuiet && mayBeQuiet();
    if (!isQuiet) {
      forgetOperation();
      tellArrival();
    }
  }

  private void tellArrival() {
    isAtTransport = true;
    for (CallInterceptor link : links) {
      try {
        decide(Objects.requireNonNull(link.received(this), "the verdict"));
      } catch (RuntimeException | Error failure) {
        calls.failed(link, failure);
      }
    }
    isAtTransport = false;
  }

  /** Tells a call of which its link has heard nothing so far as every other call is told. */
  protected final void speakUp() {
    if (isQuiet) {
      isQuiet = false;
      if (!metOperation) {
        forgetOperation();
      }
      tellArrival();
      if (metOperation) {
        tellOperation();
      }
    }
  }

  /**
   * Whether anybody will ask for what the arguments bring. Otherwise they bring no name and name
   * one object, and need not be looked at.
   */
  public boolean wantsNames() {
    return true;
  }

  /** The names that the arguments bring; null for none. To be told before the operation point. */
  public CallRecord brings(Object decoded, String entry, String otherEntry) {
    if (!isQuiet) {
      setNames(decoded, entry, otherEntry);
    } else if (entry != null || nameOrNull() != null) {
      setNames(null, entry, otherEntry);
    }
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
   * passed it; so has one that was answered before it is performed, as one-way messages may be. The
   * call must not be performed if this throws.
   *
   * @param named what the call names, or null
   * @param other the second one, or null
   * @param onBehalfOf who makes the call, after squashing; null if unknown
   * @throws ArrayException if a link refuses the call
   * @throws StatusRefusal if a link says with which of the door's statuses it is answered
   * @throws CallOverruled if a link takes the answer out of the door's hands
   */
  public void operation(Inode named, Inode other, Caller onBehalfOf) {
    if (!metOperation && !hasEnded) {
      metOperation = true;
      setFiles(named, other, onBehalfOf);
      if (!isQuiet) {
        tellOperation();
      }
    }
    obey(calls);
  }

  /**
   * For a call within another one, which no transport sees: does what was decided when it arrived,
   * as far as that means that it is not served.
   *
   * @throws CallOverruled if the whole call gets no answer
   */
  public final void requireServed() {
    ArrivalVerdict decided = arrivalVerdict();
    switch (decided.kind()) {
      case NO_ANSWER -> throw new CallOverruled(OperationVerdict.noAnswer(decided.label()));
      case CLOSE -> throw new CallOverruled(OperationVerdict.close(decided.label()));
      case RESET -> throw new CallOverruled(OperationVerdict.reset(decided.label()));
      case SERVE, DELAY, HOLD, STOP_READING, LIMIT -> {}
    }
  }

  /** What was decided about the answer to a call within this one holds for the answer to this. */
  public final void contains(CallRecord part) {
    decide(part.replyVerdict());
  }

  private void tellOperation() {
    for (CallInterceptor link : links) {
      try {
        decide(Objects.requireNonNull(link.operation(this), "the verdict"));
      } catch (RuntimeException | Error failure) {
        calls.failed(link, failure);
      }
    }
  }

  /** The answer is that of an earlier call, of which this one is a retransmission. */
  public void answersFromMemory() {
    isFromMemory = true;
  }

  /** The door's word, where its transport cannot read it in the answer. */
  public void says(long word) {
    hasStatus = true;
    status = word;
  }

  /** The answer is complete: what is to become of it. */
  public ReplyVerdict answered(Departure answer) {
    return answered(answer.status(), answer.replyBytes());
  }

  /** Whether the only link is told of everything at the end. */
  protected final boolean isQuiet() {
    return isQuiet;
  }

  /**
   * The same of a record whose kind finds the bytes itself.
   *
   * @param word the status that the answer says, {@link Departure#REFUSED} if RPC refused the call
   * @param bytes of the answer
   */
  public ReplyVerdict answered(long word, long bytes) {
    if (isAnswered || hasEnded) {
      return replyVerdict();
    }
    isAnswered = true;
    replyBytes = bytes;
    if (!hasStatus || word == Departure.REFUSED) {
      says(word);
    }
    endedNanos = nanoTime(true);
    if (isQuiet && word != Departure.REFUSED && mayStayQuiet()) {
      return replyVerdict();
    }
    speakUp();
    return tellAnswer();
  }

  private ReplyVerdict tellAnswer() {
    isLeaving = true;
    for (CallInterceptor link : links) {
      try {
        decide(Objects.requireNonNull(link.answered(this), "the verdict"));
      } catch (RuntimeException | Error failure) {
        calls.failed(link, failure);
      }
    }
    isLeaving = false;
    return replyVerdict();
  }

  /** Nothing more will happen to the call; may be said twice. */
  public void ended() {
    if (hasEnded) {
      return;
    }
    if (isQuiet && isAnswered) {
      hasEnded = true;
      tellAll();
      return;
    }
    speakUp();
    hasEnded = true;
    if (!isAnswered) {
      endedNanos = calls.nanoTime();
    }
    for (CallInterceptor link : links) {
      try {
        link.ended(this);
      } catch (RuntimeException | Error failure) {
        calls.failed(link, failure);
      }
    }
  }

  private void tellAll() {
    if (!metOperation) {
      forgetOperation();
    }
    try {
      links[0].heard(this);
    } catch (RuntimeException | Error failure) {
      calls.failed(links[0], failure);
    }
  }

  // ---------------------------------------------------------------- for a journal

  /** Whether an answer is complete. */
  public boolean isAnswered() {
    return isAnswered;
  }

  /** {@link #status} of a call that is answered. */
  public long statusOfAnswer() {
    return status;
  }

  // ---------------------------------------------------------------- from arrival on

  /**
   * The bytes of the record as they came, read-only, without the mark; empty over HTTP, whose body
   * is still to come.
   *
   * @throws IllegalStateException outside {@link CallInterceptor#received}: the bytes are the
   *     connection's
   */
  public ByteBuffer request() {
    if (!isAtTransport && !isQuiet) {
      throw new IllegalStateException("the bytes of a request are there at the transport point");
    }
    return requestNow().asReadOnlyBuffer();
  }

  /** When the call arrived, as {@link System#nanoTime}. */
  public long receivedNanos() {
    return receivedNanos;
  }

  // ---------------------------------------------------------------- from the operation point on

  /** Whether the call has come to its operation point. */
  public boolean metOperation() {
    return metOperation;
  }

  // ---------------------------------------------------------------- from the answer on

  /**
   * The door's word: the status of NFS, MOUNT, NLM or VAAI, or that of HTTP; 0 where the results
   * have none; {@link Departure#REFUSED} if RPC itself refused the call; empty without an answer.
   */
  public OptionalLong status() {
    return isAnswered ? OptionalLong.of(status) : OptionalLong.empty();
  }

  /** Of the answer's record without its mark; of its body over HTTP; 0 without an answer. */
  public long replyBytes() {
    return replyBytes;
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
    return replyNow().asReadOnlyBuffer();
  }

  /** Whether the answer is that of an earlier call, of which this one is a retransmission. */
  public boolean isFromMemory() {
    return isFromMemory;
  }

  /** From the arrival to the answer, or to the end of a call without one. */
  public long durationNanos() {
    boolean isOver = isAnswered || hasEnded;
    return (isOver ? endedNanos : calls.nanoTime()) - receivedNanos;
  }
}
