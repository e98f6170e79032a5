"""What follows the candidates (结果): who falls away, how long bids bind, report and signatures."""
