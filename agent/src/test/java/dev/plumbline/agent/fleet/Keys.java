package dev.plumbline.agent.fleet;

import dev.plumbline.agent.fleet.FleetCommand.Verb;
import dev.plumbline.core.sign.KeyFiles;
import dev.plumbline.core.sign.SigningKey;
import java.nio.file.Path;
import java.time.Instant;

/** A pair of keys in a folder, and commands signed with it. */
final class Keys {
  final Path secret;
  final Path open;
  final SigningKey key;

  Keys(Path folder, String name) {
    secret = folder.resolve(name + ".pem");
    open = KeyFiles.publicFileOf(secret);
    KeyFiles.generate(secret, open);
    key = KeyFiles.read(secret, open);
  }

  SignedCommand sign(String fleet, long sequence, Instant at, Verb verb, String target) {
    return SignedCommand.of(new FleetCommand(fleet, sequence, at, verb, target, "", 0), key);
  }
}
