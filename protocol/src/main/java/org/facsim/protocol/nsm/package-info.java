/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The Network Status Monitor protocol, version 1 (X/Open XNFS): how lock managers learn that a host
 * has restarted; and a typed client.
 */
package org.facsim.protocol.nsm;
