"""Samples of TRL on Hugging Face's trainer: a tiny language model learns to say its first word.

Usage: python benchmarks/samples/by_trl.py tests/samples

    python -m venv env && env/bin/pip install torch==2.13.0 tensorboard==2.21.0 trl==0.23.1 transformers==4.57.1

writes ``trl_ppo``, with the state of its last checkpoint and the events beside it. With trl==1.16.0, which has no PPO
any more, the script writes ``trl_grpo``. Models and words are made here; nothing is fetched.
"""

from __future__ import annotations

import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from placing import place
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel, PreTrainedTokenizerFast, set_seed

UPDATES, PROMPTS = 8, 4
WORDS = ["[PAD]", "[EOS]", *"abcdefghijklmnop"]
SIZES = GPT2Config(
    vocab_size=len(WORDS), n_positions=32, n_embd=16, n_layer=1, n_head=2, pad_token_id=0, eos_token_id=1, num_labels=1
)
COMMON: dict[str, Any] = {
    "output_dir": "out",
    "per_device_train_batch_size": PROMPTS,
    "gradient_accumulation_steps": 2,
    "learning_rate": 1e-3,
    "logging_steps": 1,
    "save_strategy": "no",
    "report_to": ["tensorboard"],
    "logging_dir": "out/runs/first",
    "use_cpu": True,
    "seed": 1,
}


def tokenizer() -> PreTrainedTokenizerFast:
    words = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[EOS]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=words, pad_token="[PAD]", eos_token="[EOS]", padding_side="left")


def with_ppo() -> None:
    from trl import PPOConfig, PPOTrainer

    words = tokenizer()
    batch = PROMPTS * COMMON["gradient_accumulation_steps"]
    asked = Dataset.from_list([{"input_ids": words("a b c")["input_ids"]} for _ in range(batch)])
    settings = PPOConfig(
        **COMMON,
        total_episodes=UPDATES * batch,
        num_ppo_epochs=2,
        num_mini_batches=1,
        response_length=8,
        num_sample_generations=0,
        cliprange_value=0.3,
        local_rollout_forward_batch_size=batch,
    )
    trainer = PPOTrainer(
        args=settings,
        processing_class=words,
        model=GPT2LMHeadModel(SIZES),
        ref_model=GPT2LMHeadModel(SIZES),
        reward_model=GPT2ForSequenceClassification(SIZES),
        value_model=GPT2ForSequenceClassification(SIZES),
        train_dataset=asked,
        eval_dataset=asked,
    )
    trainer.train()
    trainer.save_state()


def with_grpo() -> None:
    from trl import GRPOConfig, GRPOTrainer

    def share_of_a(completions: list[str], **_: Any) -> list[float]:
        return [answer.count("a") / 8 for answer in completions]

    settings = GRPOConfig(**COMMON, num_generations=4, max_completion_length=8, max_steps=UPDATES, beta=0.02)
    GPT2LMHeadModel(SIZES).save_pretrained("start")
    tokenizer().save_pretrained("start")
    trainer = GRPOTrainer(
        model="start",
        reward_funcs=share_of_a,
        args=settings,
        train_dataset=Dataset.from_list([{"prompt": "a b c"} for _ in range(64)]),
    )
    trainer.train()
    trainer.save_state()


def main() -> None:
    samples = Path(sys.argv[1]).resolve()
    torch.set_num_threads(1)
    set_seed(1)
    os.environ["TENSORBOARD_LOGGING_DIR"] = COMMON["logging_dir"]
    old = version("trl").startswith("0.")
    if not old:
        del COMMON["logging_dir"]
    with tempfile.TemporaryDirectory() as made:
        os.chdir(made)
        (with_ppo if old else with_grpo)()
        place(Path("out").resolve(), samples / ("trl_ppo" if old else "trl_grpo"), "trainer_state.json", "**/events*")


if __name__ == "__main__":
    main()
