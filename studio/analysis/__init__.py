"""Network analysis: responses to tones, class scores over time, confusions."""
