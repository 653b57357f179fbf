/* SPDX-License-Identifier: Apache-2.0 */
/** Programs of ours on libnfs, a client library not written here. May see everything. */
package org.facsim.it.libnfs;
