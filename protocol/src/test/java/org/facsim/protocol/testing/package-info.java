/* SPDX-License-Identifier: Apache-2.0 */
/** What the tests of every module share: a run that leaks a buffer fails; free port numbers. */
package org.facsim.protocol.testing;
