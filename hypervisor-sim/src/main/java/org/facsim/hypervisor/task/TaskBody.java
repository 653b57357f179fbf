/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.task;

/**
 * What a task does. If it throws, it has left everything as it was before; {@link MethodFault#of}
 * says which fault the operator sees.
 */
@FunctionalInterface
public interface TaskBody<T> {
  T run(TaskContext context);
}
