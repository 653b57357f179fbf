/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the array reaches, measured: JMH benchmarks for operations, plain programs for what happens
 * once (a million clones, a terabyte deleted), and tables that set both beside their goals. Sees
 * everything; nothing sees it.
 */
package org.facsim.benchmarks;
