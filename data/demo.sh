#!/bin/sh
# The end of `make demo`: what the model just trained can do. Arguments: how to call translator.
set -eu

model=checkpoints/demo
shipped=checkpoints/en-fr
sentences=$model/sentences.en
cat > "$sentences" <<'TEXT'
The cat sat on the mat.
My sister is going to buy a new dress.
They get up at half past seven every morning.
Do you want to watch television this evening, Emma?
TEXT

# Print each line of $sentences with the translation below that the rest of the command line writes.
show() {
    "$@" --input "$sentences" --output "$model/sentences.fr"
    paste "$sentences" "$model/sentences.fr" | while IFS='	' read -r english french; do
        echo "  $english"
        echo "    -> $french"
    done
}

echo
echo "Quality on the 1,000 test sentences, none of which was in training:"
"$@" evaluate --model "$model" --data data/sample/test.tsv
echo
echo "A few translations:"
show "$@" translate --model "$model"
case $(sed -n 's/^ *"epochs": \([0-9.]*\).*/\1/p' "$model/manifest.json") in
    0.* | 1.*)
        echo
        echo "In its five minutes training saw few of the sentences, or all of them only once: this"
        echo "machine is slow, or was busy. Two idle cores see them four times or more, which is"
        echo "worth another 'make demo'."
        ;;
esac
if [ -f "$shipped/model.safetensors" ]; then
    cat > "$sentences" <<'TEXT'
Where is the train station?
Could you please speak more slowly?
There is a small bakery behind the church.
TEXT
    echo
    echo "The sample corpus has few words. The model that comes with translator knows more of them:"
    show "$@" translate --model "$shipped"
    model=
fi
echo
echo "Next, translate sentences of your own:"
echo "  .venv/bin/translator translate${model:+ --model $model} \"The old man is reading a book.\""
