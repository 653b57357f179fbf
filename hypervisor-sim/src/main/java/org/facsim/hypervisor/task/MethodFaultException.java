/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.task;

/** An operation failed, or must not be done, with a fault that an operator knows by name. */
public final class MethodFaultException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FaultType type;

  public MethodFaultException(FaultType type, String message) {
    this(type, message, null);
  }

  /** Wraps a failure; its message is the array's word. */
  public MethodFaultException(FaultType type, String message, Throwable cause) {
    super(message, cause);
    this.type = type;
  }

  /** VMware's name of the fault. */
  public FaultType type() {
    return type;
  }

  /** The same as a value. */
  public MethodFault fault() {
    return new MethodFault(type, getMessage());
  }
}
