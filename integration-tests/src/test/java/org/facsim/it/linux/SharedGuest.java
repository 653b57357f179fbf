/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** See {@link LinuxGuest}. */
final class SharedGuest implements ExecutionCondition, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(SharedGuest.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    String missing = GuestImage.missing();
    return missing == null
        ? ConditionEvaluationResult.enabled("a Linux guest can be booted")
        : ConditionEvaluationResult.disabled(missing);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Guest.class;
  }

  /**
   * The store of the root closes it. If an earlier class has lost its guest, there is a new one.
   */
  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ExtensionContext.Store store = context.getRoot().getStore(NAMESPACE);
    Guest guest = store.computeIfAbsent(Guest.class, unused -> boot(), Guest.class);
    if (guest.isGone()) {
      store.remove(Guest.class);
      guest = store.computeIfAbsent(Guest.class, unused -> boot(), Guest.class);
    }
    return guest;
  }

  /** With ports of the host that lead to those of the guest's NFS server. */
  private static Guest boot() {
    try {
      List<String> forwards = new ArrayList<>();
      for (int guestPort : KernelServer.PORTS) {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
          forwards.add("tcp:127.0.0.1:%d-:%d".formatted(free.getLocalPort(), guestPort));
        }
      }
      return Guest.boot("guest", List.of(), forwards);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
