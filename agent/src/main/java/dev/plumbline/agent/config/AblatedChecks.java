package dev.plumbline.agent.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Mistakes in how origins are asked for answers without the direction. */
final class AblatedChecks {
  private final Values values;
  private final AblatedVia via;
  private final Optional<AdapterHost> host;
  private final List<Mistake> mistakes = new ArrayList<>();

  private AblatedChecks(Values values) {
    this.values = values;
    this.via = values.get(Key.ABLATED_VIA, AblatedVia.class);
    this.host = values.find(Key.ABLATED_SERVER, AdapterHost.class);
  }

  static List<Mistake> of(Values values) {
    AblatedChecks checks = new AblatedChecks(values);
    checks.stray();
    if (checks.via != AblatedVia.OFF) {
      checks.measured();
      checks.hosted();
      checks.elsewhere();
    }
    return checks.mistakes;
  }

  /** A setting that nobody would read is a belief in something that does not happen. */
  private void stray() {
    boolean path = has(Key.ABLATED_ADAPTER) || has(Key.ABLATED_SERVED_ADAPTER);
    check(
        via != AblatedVia.OFF || !(path || host.isPresent() || has(Key.ABLATED_LORA_ID)),
        Key.ABLATED_VIA,
        "an adapter and no way to ask for it",
        "model or lora");
    check(!path || host.isPresent(), Key.ABLATED_SERVER, "an adapter for no server", "its kind");
    check(
        has(Key.ABLATED_ORIGIN) == (via == AblatedVia.ORIGIN),
        Key.ABLATED_ORIGIN,
        "one of ablated.origin and ablated.via: origin",
        "both or none");
    check(
        !has(Key.ABLATED_LORA_ID) || via == AblatedVia.LORA,
        Key.ABLATED_LORA_ID,
        "a number without ablated.via: lora",
        "that way");
  }

  private void measured() {
    boolean origin = has(Key.ORIGIN_URL) || !values.all(Family.ORIGIN_URL, Object.class).isEmpty();
    boolean reader = has(Key.MODEL) || values.get(Key.ORGANISM, Boolean.class);
    boolean states = values.get(Key.STATES_TAP, StatesSource.class) != StatesSource.OFF;
    check(origin, Key.ABLATED_VIA, "a variant of no origin", "origin.url");
    check(
        reader || states,
        Key.ABLATED_VIA,
        "nothing to measure it with",
        "model, or states.tap: a variant that is not verified is never used");
    VerifyBy by = values.get(Key.ABLATED_VERIFY_BY, VerifyBy.class);
    check(by != VerifyBy.STATES || states, Key.ABLATED_VERIFY_BY, "states of no tap", "states.tap");
    check(by != VerifyBy.READER || reader, Key.ABLATED_VERIFY_BY, "no reader", "model");
  }

  private void hosted() {
    boolean llama = host.filter(h -> h == AdapterHost.LLAMA_CPP).isPresent();
    check(
        host.isEmpty() || via == (llama ? AblatedVia.LORA : AblatedVia.MODEL),
        Key.ABLATED_VIA,
        "'" + via + "' with ablated.server: " + host.map(Object::toString).orElse(""),
        llama ? "lora" : "model");
    boolean path = has(Key.ABLATED_ADAPTER) || has(Key.ABLATED_SERVED_ADAPTER);
    check(
        via != AblatedVia.LORA || path != has(Key.ABLATED_LORA_ID),
        Key.ABLATED_LORA_ID,
        "lora with both or neither of a number and a path",
        "ablated.lora-id, or ablated.server: llama.cpp with ablated.served-adapter");
    check(
        host.filter(h -> h == AdapterHost.LORAX).isEmpty() || path,
        Key.ABLATED_SERVED_ADAPTER,
        "lorax without an adapter",
        "its folder: LoRAX knows adapters by that only");
  }

  private void elsewhere() {
    Set<String> names = values.all(Family.ORIGIN_URL, URI.class).keySet();
    values
        .find(Key.ABLATED_ORIGIN, String.class)
        .ifPresent(
            name ->
                check(
                    names.contains(name),
                    Key.ABLATED_ORIGIN,
                    "the origin '" + name + "'",
                    "one of origins." + names + ".url"));
  }

  private boolean has(Key key) {
    return values.find(key, Object.class).isPresent();
  }

  private void check(boolean holds, Key key, String found, String wanted) {
    if (!holds) {
      mistakes.add(new Mistake(key.key(), "together", found, wanted));
    }
  }
}
