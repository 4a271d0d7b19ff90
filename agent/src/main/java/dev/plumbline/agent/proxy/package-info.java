/** The way to the origin and back: bytes as they are, watched in passing. */
package dev.plumbline.agent.proxy;
