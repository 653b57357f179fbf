/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What happens to every call: one chain of links ({@link org.facsim.services.calls.Calls}) that the
 * calls of all doors pass, put together in one place.
 *
 * <p>There are two points in every door. At the <em>transport point</em> a call is a record as it
 * came, before any memory of answers: a retransmission comes here again. At the <em>operation
 * point</em> it is decoded and admitted: procedure, file, caller. Then the answer, which may still
 * be lost, and the end. {@link org.facsim.services.calls.CallInterceptor} says what a link may do
 * at each, {@link org.facsim.services.calls.CallRecord} what is known by then.
 *
 * <p>A door does four things. It asks {@link org.facsim.services.calls.Calls#isWatched} when a
 * record arrives, and if so makes an {@link org.facsim.services.calls.Arrival} of it and obeys the
 * {@link org.facsim.services.calls.ArrivalVerdict}. It calls {@link
 * org.facsim.services.calls.CallRecord#operation(org.facsim.services.access.Grant) operation} where
 * it makes the grant, or after decoding if there is none, and answers the {@code ArrayException}
 * that comes out of it as any other. It shows the answer to {@link
 * org.facsim.services.calls.CallRecord#answered}, outside every memory of answers, and obeys. And
 * it tells the end.
 *
 * <p>May see {@code org.facsim.services.access} and {@code org.facsim.array}; no protocol.
 */
package org.facsim.services.calls;
