/* SPDX-License-Identifier: Apache-2.0 */
/** The demo: an array, hosts and virtual machines in one process, and the table of their clones. */
package org.facsim.app.demo;
