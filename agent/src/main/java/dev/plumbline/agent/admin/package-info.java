/** The operator's port: metrics, health, recent verdicts, the event feed. Never any text. */
package dev.plumbline.agent.admin;
