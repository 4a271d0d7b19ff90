package dev.plumbline.agent.wire.dialect;

import java.util.Set;

/**
 * Request fields of the known servers that change neither what the model reads nor what of its
 * answer is text: sampling, length, bookkeeping, the form of the answer. A field that is neither
 * here nor read by a dialect may matter, and is named in the log once.
 */
final class HarmlessFields {
  static final Set<String> NAMES =
      Set.of(
          """
          add_generation_prompt add_special_tokens allowed_token_ids bad_words beam_width
          best_of bootstrap_host bootstrap_port bootstrap_room cache_prompt cache_salt
          custom_params data_parallel_rank dry_allowed_length dry_base dry_multiplier
          dry_penalty_last_n dry_sequence_breakers dynatemp_exponent dynatemp_range end_id
          exclude_input_in_output frequency_penalty function_call grammar guided_choice
          guided_grammar guided_json guided_regex id id_slot ignore_eos include
          include_reasoning include_stop_str_in_output json_schema kv_transfer_params
          length_penalty log_metrics logit_bias logprob_start_len logprobs           max_completion_tokens max_new_tokens max_output_tokens max_tokens metadata min_keep
          min_length min_p min_tokens mirostat mirostat_eta mirostat_tau modalities model n
          n_cmpl n_discard n_indent n_keep n_predict n_probs outputs pad_id
          parallel_tool_calls parameters penalty_last_n post_sampling_probs presence_penalty
          priority prompt_cache_key prompt_cache_retention prompt_logprobs random_seed
          reasoning reasoning_effort repeat_last_n repeat_penalty repetition_penalty
          request_id response_format return_context_logits return_cumulative_logprob
          return_finish_reason return_generation_logits return_hidden_states return_log_probs
          return_logprob return_logprobs return_meta_info return_num_input_tokens
          return_num_output_tokens return_perf_metrics return_progress return_text_in_logprobs
          return_token_ids return_tokens return_tokens_as_token_ids rid safety_identifier
          samplers sampling_parameters sampling_params seed separate_reasoning service_tier
          skip_special_tokens slot_id spaces_between_special_tokens stop stop_sequences
          stop_token_ids stop_words store stream stream_interval stream_options
          stream_reasoning structured_outputs t_max_predict_ms t_max_prompt_ms temperature
          text tfs_z thinking timings_per_token tool_choice top_a top_k top_logprobs
          top_logprobs_num top_p truncation typical_p use_beam_search
          user verbosity vllm_xargs xtc_probability xtc_threshold
          """
              .split("\\s+"));

  private HarmlessFields() {}
}
