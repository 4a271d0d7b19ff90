/** Spans of exchanges for OpenTelemetry: a port, and behind it the SDK and its export. */
package dev.plumbline.agent.tracing;
