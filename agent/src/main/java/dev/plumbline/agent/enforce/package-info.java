/** What is done about an exchange: which mode holds, and how the verdict is told. */
package dev.plumbline.agent.enforce;
