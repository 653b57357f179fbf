/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

/**
 * A link of the chain that every call of every door passes; see {@link Calls}.
 *
 * <p>A call is heard of in this order, and of each at most once:
 *
 * <ol>
 *   <li>{@link #received}, the transport point;
 *   <li>{@link #operation}, the operation point: unless the call was stopped, is refused before it
 *       is known what it is about (malformed, no such procedure, stale handle, not admitted), or is
 *       a retransmission that is answered from memory;
 *   <li>{@link #answered}: unless there will be no answer;
 *   <li>{@link #ended}, for every call that was received.
 * </ol>
 *
 * <p>Each of these runs on a thread of the door, usually its event loop: it must not wait.
 * Different calls come on different threads at the same time. An exception that a link throws is
 * logged and changes nothing; the call goes on as if the link had let it pass.
 */
public interface CallInterceptor {
  /**
   * A record has arrived; nothing is known but its header and {@linkplain CallRecord#claimed who
   * makes the call}. Retransmissions come here, too, because this is before every memory of
   * answers.
   *
   * @return what is to become of the call
   */
  default ArrivalVerdict received(CallRecord call) {
    return ArrivalVerdict.SERVE;
  }

  /**
   * A call is about to be performed: its arguments are decoded, its caller and the file that it
   * names are known and admitted. Nothing has changed so far.
   *
   * @return whether and how the call is performed
   */
  default OperationVerdict operation(CallRecord call) {
    return OperationVerdict.PERFORM;
  }

  /**
   * An answer is complete and about to leave; what the call was to do is done. What is not sent
   * here is a lost reply: a retransmission may be answered from memory.
   *
   * @return what is to become of the answer
   */
  default ReplyVerdict answered(CallRecord call) {
    return ReplyVerdict.SEND;
  }

  /** Nothing more will happen to the call, whether it was answered or not. */
  default void ended(CallRecord call) {}

  /**
   * What hears of calls of one procedure instead of this link. Asked when the links change or
   * {@link Calls#refresh} says so, and not for each call; a call keeps what it arrived with.
   *
   * @param procedure as {@link Arrival#procedureName}
   * @return this link, a part of it, or null if it wants to hear of no such call
   */
  default CallInterceptor ofProcedure(Door door, String procedure) {
    return this;
  }

  /**
   * Whether the link decides nothing, and is content with hearing of a call once: {@link #heard}
   * instead of all the other methods. Doors do so for a call that is answered at once, if no other
   * link wants to hear of it. Of all other calls it hears as every link does.
   */
  default boolean hearsAtEnd() {
    return false;
  }

  /**
   * A call that {@linkplain #hearsAtEnd was answered at once}: everything is known of it but its
   * {@linkplain CallRecord#arguments decoded arguments}.
   */
  default void heard(CallRecord call) {}

  /** Whether the link forgets every record when its call ends, so that it may be used again. */
  default boolean keepsNothing() {
    return false;
  }
}
