/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.task;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.facsim.hypervisor.datastore.DatastoreException;

/**
 * Why an operation failed, as an operator sees it. {@code MethodFault} is the name of VMware's API.
 *
 * @param type VMware's name of the fault
 * @param message what happened, with the array's own word if the array refused something
 */
public record MethodFault(FaultType type, String message) {
  public MethodFault {
    Objects.requireNonNull(type);
    Objects.requireNonNull(message);
  }

  /** The fault that a failure appears as; a failure that has no name is a SystemError. */
  public static MethodFault of(Throwable failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    if (failure instanceof MethodFaultException known) {
      return known.fault();
    }
    if (failure instanceof DatastoreException refused) {
      return new MethodFault(FaultType.of(refused.error()), message);
    }
    if (failure instanceof CancellationException) {
      return new MethodFault(FaultType.REQUEST_CANCELED, message);
    }
    if (failure instanceof IllegalArgumentException) {
      return new MethodFault(FaultType.INVALID_ARGUMENT, message);
    }
    return new MethodFault(FaultType.SYSTEM_ERROR, message);
  }

  @Override
  public String toString() {
    return type.vmwareName() + ": " + message;
  }
}
