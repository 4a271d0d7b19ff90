/** Ed25519 signatures on what an agent is told and given: artefacts and the fleet's commands. */
package dev.plumbline.core.sign;
