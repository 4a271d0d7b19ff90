/**
 * Ablating adapters on live origins: loading them, keeping them loaded, and measuring that they do
 * what they are for before anything is sent to them.
 */
package dev.plumbline.agent.adapters;
