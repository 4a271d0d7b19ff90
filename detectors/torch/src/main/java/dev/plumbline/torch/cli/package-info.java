/** What commands of this module's users answer with: statuses, and one line for a refusal. */
package dev.plumbline.torch.cli;
