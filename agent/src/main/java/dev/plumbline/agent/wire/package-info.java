/** Model servers' JSON and server-sent events: bytes to records and back, and nothing else. */
package dev.plumbline.agent.wire;
