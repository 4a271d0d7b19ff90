/**
 * What passes between clients and the servers people run, understood for scoring: one small class a
 * dialect, from bodies and events to a prompt and the texts of an answer. Knows {@code wire}, which
 * does not know it.
 */
package dev.plumbline.agent.wire.dialect;
