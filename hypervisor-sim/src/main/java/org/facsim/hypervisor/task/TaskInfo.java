/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.task;

import java.time.Instant;
import java.util.Optional;

/**
 * A task at one moment, in the words of VMware's {@code TaskInfo}.
 *
 * @param key {@code task-12}; counts from 1 on each host
 * @param name VMware's name of the operation, such as {@code CloneVM_Task}
 * @param entity the VM or disk that it is about
 * @param state queued, running, success or error
 * @param progressPercent 0 to 100, never less than before; 100 only for a success
 * @param queueTime when it was started by its caller, by the host's clock
 * @param startTime when the host began to work on it; empty while it is queued
 * @param completeTime when it ended; empty before
 * @param fault why it failed; empty in every other state
 * @param cancelable whether {@link Task#cancel} can still have an effect
 * @param cancelRequested whether somebody asked to cancel it
 */
public record TaskInfo(
    String key,
    String name,
    String entity,
    TaskState state,
    int progressPercent,
    Instant queueTime,
    Optional<Instant> startTime,
    Optional<Instant> completeTime,
    Optional<MethodFault> fault,
    boolean cancelable,
    boolean cancelRequested) {}
