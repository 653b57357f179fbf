/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who may do what: which volumes are exported to which clients on what terms, and whose identity a
 * call gets. May see {@code org.facsim.array}; no protocol.
 */
package org.facsim.services.access;
