"""A Transformers script: a model of a few thousand parameters and its own tiny vocabulary."""

import argparse
import os

import datasets
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertTokenizerFast,
    Trainer,
    TrainingArguments,
)

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "film", "book"]

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=float, default=30)
    arguments = parser.parse_args()
    folder = os.environ["SM_MODEL_DIR"]
    with open("vocab.txt", "w") as file:
        file.write("\n".join(WORDS))
    tokenizer = BertTokenizerFast("vocab.txt")
    texts = [f"{word} {thing}" for word in ("good", "bad") for thing in ("film", "book")] * 8
    data = datasets.Dataset.from_dict({"text": texts, "label": [int("good" in text) for text in texts]})
    data = data.map(lambda rows: tokenizer(rows["text"], padding="max_length", max_length=8), batched=True)
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(WORDS),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            id2label={0: "NEGATIVE", 1: "POSITIVE"},
            label2id={"NEGATIVE": 0, "POSITIVE": 1},
        )
    )
    settings = TrainingArguments(
        "/tmp/out",
        num_train_epochs=arguments.epochs,
        learning_rate=0.01,
        per_device_train_batch_size=16,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
        seed=1,
    )
    trainer = Trainer(model=model, args=settings, train_dataset=data)
    trainer.train()
    trainer.save_model(folder)
    tokenizer.save_pretrained(folder)
