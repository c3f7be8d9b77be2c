"""Making the German span reader: data, pre-training, fine-tuning, calibration, export."""
