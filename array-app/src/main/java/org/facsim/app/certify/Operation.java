/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.util.Locale;

/** What the command is asked to do in a case. */
enum Operation {
  /** A full clone into a file that is there. */
  CLONE,
  /** A full clone that is cancelled on the way. */
  CANCEL,
  /** A fast clone, which makes its destination. */
  FAST_CLONE;

  /** The value of {@code FACSIM_OPERATION}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
