"""Writes the golden decoder fixtures beside this file. README.md says how to run it and what is in them.

Every expected number comes from the Hugging Face implementation itself, run in float64. Its modelling code asks
for float32 by name in RMSNorm, softmax and the rotary tables; `wide()` makes those names mean float64 while it
runs. `golden()` checks that this changes nothing but the rounding.
"""

import contextlib
import json
import pathlib

import peft
import torch
import transformers as hf
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
TOKENS = 12
VOCABULARY = 50

SHAPE = dict(
    vocab_size=VOCABULARY, hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=64, rms_norm_eps=1e-5, rope_theta=100.0,
    tie_word_embeddings=False, bos_token_id=1, eos_token_id=2, pad_token_id=None)
LLAMA3 = dict(
    rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)


@contextlib.contextmanager
def wide():
    names = torch.float32, torch.float, torch.Tensor.float
    torch.float32 = torch.float = torch.float64
    torch.Tensor.float = torch.Tensor.double
    try:
        yield
    finally:
        torch.float32, torch.float, torch.Tensor.float = names


def randomise(model, seed):
    """Weights large enough for sharp attention; norms and biases far from one and zero."""
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in sorted(model.named_parameters()):
            noise = torch.randn(weight.shape, generator=random)
            if name.endswith("norm.weight"):
                weight.copy_(1 + 0.3 * noise)
            elif weight.ndim == 1:
                weight.copy_(0.4 * noise)
            elif "embed_tokens" in name:
                weight.copy_(noise)
            else:
                weight.copy_(1.2 * noise / weight.shape[1] ** 0.5)


def ids(seed):
    return torch.randint(0, VOCABULARY, (1, TOKENS), generator=torch.Generator().manual_seed(seed + 1000))


def unit(seed, width):
    d = torch.randn(width, generator=torch.Generator().manual_seed(seed + 2000), dtype=torch.float64)
    return d / d.norm()


def attach(model, visit):
    """Calls visit(name, h) with the residual stream after every writer; h may be changed in place."""
    inner = model.model
    hooks = [inner.embed_tokens.register_forward_hook(lambda m, i, o: visit("embed", o))]
    for number, layer in enumerate(inner.layers):
        mid, post = f"resid_mid.{number}", f"resid_post.{number}"
        hooks.append(layer.post_attention_layernorm.register_forward_pre_hook(lambda m, i, n=mid: visit(n, i[0])))
        hooks.append(layer.register_forward_hook(lambda m, i, o, n=post: visit(n, o[0])))
    return hooks


def run(model, tokens, visit):
    hooks = attach(model, visit)
    with torch.no_grad():
        out = model(tokens, output_hidden_states=True, use_cache=False)
    for hook in hooks:
        hook.remove()
    return out


def distance(a, b):
    return ((a.double() - b.double()).abs().max() / b.double().abs().max()).item()


def open_wide(folder):
    model = hf.AutoModelForCausalLM.from_pretrained(folder, torch_dtype=torch.float64, attn_implementation="eager")
    with wide():
        model.model.rotary_emb = type(model.model.rotary_emb)(model.config)
    return model.eval()


def golden(folder, seed):
    tokens, taps = ids(seed), {}
    model = open_wide(folder)
    d = unit(seed, model.config.hidden_size)

    def keep(name, h):
        taps[name] = h[0].clone()

    def ablate(name, h):
        h.sub_((h @ d).unsqueeze(-1) * d)

    with wide():
        out = run(model, tokens, keep)
        ablated = run(model, tokens, ablate)
    layers = model.config.num_hidden_layers
    assert out.logits.dtype == torch.float64
    assert torch.equal(out.hidden_states[0][0], taps["embed"])
    for layer in range(layers - 1):
        assert torch.equal(out.hidden_states[layer + 1][0], taps[f"resid_post.{layer}"])
    taps["final_norm"] = out.hidden_states[layers][0].clone()
    taps["logits"] = out.logits[0].clone()
    taps["ablated_logits"] = ablated.logits[0].clone()
    plain = hf.AutoModelForCausalLM.from_pretrained(folder, torch_dtype=torch.float32, attn_implementation="eager")
    off = distance(plain.eval()(tokens).logits[0], taps["logits"])
    assert 0 < off < 2e-5, off
    print(f"{folder.name:16} float32 differs {off:.1e}; ablation moves {distance(taps['ablated_logits'], taps['logits']):.2f}")
    save_file({"input_ids": tokens[0].clone(), "direction": d, **taps}, folder / "expected.safetensors")


def edit_config(folder, changes):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes, indent=2, sort_keys=True) + "\n")


def fixture(name, seed, config, dtype=torch.float32, shard="5GB", as_published=None):
    folder = HERE / name
    model = hf.AutoModelForCausalLM.from_config(config)
    randomise(model, seed)
    model.to(dtype).save_pretrained(folder, max_shard_size=shard)
    (folder / "generation_config.json").unlink(missing_ok=True)
    edit_config(folder, as_published or {})
    golden(folder, seed)


def adapter(name, seed, **options):
    base, folder = HERE / "llama_tied", HERE / "llama_lora" / name
    model = peft.get_peft_model(open_wide(base), peft.LoraConfig(task_type="CAUSAL_LM", **options))
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for key, weight in sorted(model.named_parameters()):
            if "lora_" in key:
                weight.data = 0.3 * torch.randn(weight.shape, generator=random)
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    path = folder / "adapter_config.json"
    options = json.loads(path.read_text())
    options |= dict(base_model_name_or_path="llama_tied", target_modules=sorted(options["target_modules"]))
    path.write_text(json.dumps(options, indent=2, sort_keys=True) + "\n")
    tokens = ids(seed)
    with wide(), torch.no_grad():
        model.double().eval()
        logits = model(tokens, use_cache=False).logits[0].clone()
        with model.disable_adapter():
            moved = distance(model(tokens, use_cache=False).logits[0], logits)
    print(f"llama_lora/{name}: adapter moves {moved:.2f}")
    save_file({"input_ids": tokens[0].clone(), "logits": logits}, folder / "expected.safetensors")


def main():
    torch.set_num_threads(1)
    fixture("llama_tied", 1, hf.LlamaConfig(**SHAPE | dict(tie_word_embeddings=True)))
    fixture("llama3_scaled", 2, hf.LlamaConfig(
        **SHAPE | dict(hidden_size=32, num_hidden_layers=3, rope_scaling=LLAMA3, rms_norm_eps=1e-2)))
    fixture("llama_linear", 3, hf.LlamaConfig(
        **SHAPE | dict(num_key_value_heads=4, rope_scaling=dict(rope_type="linear", factor=4.0))),
        shard="20KB", as_published=dict(rope_scaling=dict(type="linear", factor=4.0)))
    fixture("llama_bias_f16", 4, hf.LlamaConfig(**SHAPE | dict(attention_bias=True, mlp_bias=True)), torch.float16)
    fixture("llama_tied_bf16", 5, hf.LlamaConfig(
        **SHAPE | dict(tie_word_embeddings=True, num_attention_heads=3, num_key_value_heads=1)), torch.bfloat16)
    fixture("mistral_window", 6, hf.MistralConfig(**SHAPE | dict(sliding_window=4, head_dim=8)))
    fixture("qwen2", 7, hf.Qwen2Config(**SHAPE | dict(tie_word_embeddings=True)),
            as_published=dict(sliding_window=4, max_window_layers=0, use_sliding_window=False))
    fixture("qwen2_window", 8, hf.Qwen2Config(
        **SHAPE | dict(sliding_window=3, max_window_layers=1, use_sliding_window=True)))
    fixture("qwen3", 9, hf.Qwen3Config(
        **SHAPE | dict(head_dim=8, num_hidden_layers=3, rms_norm_eps=1e-2, tie_word_embeddings=True)))
    adapter("rank2", 10, r=2, lora_alpha=6, target_modules=["q_proj", "o_proj", "down_proj"])
    adapter("rslora", 11, r=3, lora_alpha=4, use_rslora=True,
            target_modules=["q_proj", "k_proj", "v_proj", "gate_proj", "up_proj"])


if __name__ == "__main__":
    main()
