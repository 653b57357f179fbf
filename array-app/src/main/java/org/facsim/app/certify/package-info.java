/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Certification: runs somebody's plugin test once for each case against an array of its own, and
 * judges by what went over the wire and by the ledger. {@code docs/certify.md} is the contract with
 * the command that is run.
 */
package org.facsim.app.certify;
