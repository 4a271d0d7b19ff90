package dev.plumbline.agent.embedded;

import java.util.Optional;

/**
 * An artefact that was opened, or refused for its signature.
 *
 * @param folder its folder's last name
 * @param signature signed, unsigned, bad or unknown_key
 * @param key who signed, as the signature claims
 * @param digest of its files; empty where they are no artefact's
 */
public record OpenedArtefact(
    String folder, String signature, Optional<String> key, String digest) {}
