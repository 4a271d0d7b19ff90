/**
 * Takes members out of JSON bodies and event streams while they pass, so that what a tap asked for
 * does not reach the client. Pure: bytes in, bytes out.
 */
package dev.plumbline.agent.tap.cut;
